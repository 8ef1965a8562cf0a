"""Writes smoothing.safetensors: cross-entropy with smoothed labels, by PyTorch in f64. Run: python smoothing.py"""

import pathlib
import torch
from safetensors.torch import save_file

ROWS = 6
# One class, two, an odd number, more than the eight lanes of a sum.
CLASSES = [1, 2, 5, 17]
SMOOTHING = [0.0, 0.1, 1.0]

torch.manual_seed(7)
file = {}
for classes in CLASSES:
    # The last row is so wide that one class has all the probability.
    logits = torch.randn(ROWS, classes, dtype=torch.float32)
    logits[-1] *= 100
    target = torch.randint(classes, (ROWS,))
    weights = {"plain": torch.ones(classes), "weighted": torch.rand(classes) + 0.25}
    file |= {f"{classes}/logits": logits, f"{classes}/target": target}
    for kind, weight in weights.items():
        file[f"{classes}/{kind}"] = weight
        for smoothing in SMOOTHING:
            x = logits.double().requires_grad_()
            loss = torch.nn.functional.cross_entropy(x, target, weight.double(), label_smoothing=smoothing)
            (gradient,) = torch.autograd.grad(loss, x)
            case = f"f64/{classes}_{kind}_{smoothing}/"
            file |= {case + "loss": loss.detach().reshape(1), case + "gradient": gradient}
path = pathlib.Path(__file__).with_suffix(".safetensors")
save_file({name: tensor.contiguous() for name, tensor in file.items()}, path, {"torch": torch.__version__, "seed": "7"})
