"""The time of an iteration of min-char-rnn's algorithm in numpy: `min_char_rnn.py TEXT TYPE ITERATIONS`.

The equations of the article, step by step, with a column of the matrix in place of a product with a one-hot vector.
Prints the median in microseconds, then the smooth loss.
"""

import sys
import time

import numpy as np

UNITS, STEPS, SYMBOLS, RATE, LIMIT = 100, 25, 65, 0.1, 5.0


def window(weights, inputs, targets, h):
    """Loss, gradients and last state of a window that starts from the state `h`."""
    w_xh, w_hh, w_hy, b_h, b_y = weights
    states, probabilities, loss = [h], [], 0.0
    for x, target in zip(inputs, targets):
        h = np.tanh(w_xh[:, x] + w_hh @ h + b_h)
        y = w_hy @ h + b_y
        p = np.exp(y - y.max())
        p /= p.sum()
        loss -= np.log(p[target])
        states.append(h)
        probabilities.append(p)
    gradients = [np.zeros_like(w) for w in weights]
    d_xh, d_hh, d_hy, d_bh, d_by = gradients
    later = np.zeros_like(h)
    for t in reversed(range(len(inputs))):
        dy = probabilities[t]
        dy[targets[t]] -= 1
        d_hy += np.outer(dy, states[t + 1])
        d_by += dy
        delta = (w_hy.T @ dy + later) * (1 - states[t + 1] * states[t + 1])
        d_bh += delta
        d_xh[:, inputs[t]] += delta
        d_hh += np.outer(delta, states[t])
        later = w_hh.T @ delta
    return loss, gradients, h


def update(weights, memories, gradients):
    """Adagrad, each element of the gradient cut."""
    for w, memory, gradient in zip(weights, memories, gradients):
        np.clip(gradient, -LIMIT, LIMIT, out=gradient)
        memory += gradient * gradient
        w -= RATE * gradient / np.sqrt(memory + 1e-8)


def main():
    path, dtype, iterations = sys.argv[1], np.dtype(sys.argv[2]), int(sys.argv[3])
    with open(path, "rb") as file:
        text = [byte % SYMBOLS for byte in file.read()]
    rng = np.random.default_rng(42)
    shapes = [(UNITS, SYMBOLS), (UNITS, UNITS), (SYMBOLS, UNITS)]
    weights = [(rng.standard_normal(shape) * 0.01).astype(dtype) for shape in shapes]
    weights += [np.zeros(UNITS, dtype), np.zeros(SYMBOLS, dtype)]
    memories = [np.zeros_like(w) for w in weights]
    smooth, h, at, times = np.log(SYMBOLS) * STEPS, np.zeros(UNITS, dtype), 0, []
    for _ in range(iterations):
        if at + STEPS + 1 >= len(text):
            h, at = np.zeros(UNITS, dtype), 0
        start = time.perf_counter()
        loss, gradients, h = window(weights, text[at : at + STEPS], text[at + 1 : at + STEPS + 1], h)
        update(weights, memories, gradients)
        times.append(time.perf_counter() - start)
        smooth, at = 0.999 * smooth + 0.001 * loss, at + STEPS
    print(f"{1e6 * np.median(times):.1f} {smooth:.2f}")


main()
