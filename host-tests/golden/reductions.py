"""Writes reductions.safetensors: the losses of a batch reduced in four ways, by PyTorch in f64. Run: python reductions.py"""

import pathlib
import torch
from safetensors.torch import save_file

NONE = -100
LENGTHS = [1, 4, 2, 3, 2]
# One label a sequence; a label at each step; at some steps. Class 1 has weight 0, and so has all of the first sequence.
TARGETS = {
    "last": [[1], [NONE, NONE, NONE, 2], [NONE, 0], [NONE, NONE, 3], [NONE, 2]],
    "each": [[1], [0, 2, 1, 2], [3, 3], [0, 1, 0], [1, 2]],
    "some": [[NONE], [2, NONE, 1, 0], [NONE, 3], [NONE, 0, NONE], [1, NONE]],
}
WEIGHTS = {"plain": [1.0, 1.0, 1.0, 1.0], "weighted": [1.0, 0.0, 9.0, 0.3]}


def batch_loss(logits, targets, weight, steps, sequences):
    """The loss of a batch from the logits of its sequences, as the table of `Reduction` defines it."""
    loss = torch.nn.CrossEntropyLoss
    if steps == sequences == "mean":
        return loss(weight=weight)(torch.cat(logits), torch.cat(targets))
    counted = [(x, y) for x, y in zip(logits, targets) if any(t != NONE and weight[t] > 0 for t in y)]
    total = sum(loss(weight=weight, reduction=steps)(x, y) for x, y in counted)
    return total / len(counted) if sequences == "mean" else total


torch.manual_seed(11)
rnn, head = torch.nn.RNN(2, 3), torch.nn.Linear(3, 4)
named = {f"rnn.{name}": p for name, p in rnn.named_parameters()} | {f"head.{name}": p for name, p in head.named_parameters()}
file = {name: p.detach().clone() for name, p in named.items()}
file["input.x"] = torch.randn(sum(LENGTHS), 2)
file["lengths"] = torch.tensor(LENGTHS)
rnn.double(), head.double()
xs = file["input.x"].double().split(LENGTHS)
for place, targets in TARGETS.items():
    targets = [torch.tensor(t) for t in targets]
    file[f"{place}.target"] = torch.cat(targets)
    for kind, weight in WEIGHTS.items():
        weight = torch.tensor(weight, dtype=torch.float64)
        file[f"{kind}.weight"] = weight
        for steps in ["sum", "mean"]:
            for sequences in ["sum", "mean"]:
                logits = [head(rnn(x)[0]) for x in xs]
                loss = batch_loss(logits, targets, weight, steps, sequences)
                gradients = torch.autograd.grad(loss, list(named.values()))
                case = f"f64/{place}_{kind}_{steps}_{sequences}/"
                file[case + "loss"] = loss.detach().reshape(1)
                file |= {case + name: gradient for name, gradient in zip(named, gradients)}
path = pathlib.Path(__file__).with_suffix(".safetensors")
save_file({name: tensor.contiguous() for name, tensor in file.items()}, path, {"torch": torch.__version__, "seed": "11"})
