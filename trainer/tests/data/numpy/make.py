"""Writes the files beside it. Made with Python 3 and NumPy 2.4.6: python make.py"""

from pathlib import Path

import numpy as np

HERE = Path(__file__).parent

# Sequence n, step t, channel c is 100 n + 10 t + c, so that a misplaced axis is seen: (3, 4, 2).
X = (100 * np.arange(3)[:, None, None] + 10 * np.arange(4)[None, :, None] + np.arange(2)[None, None, :])
TYPES = ["<f2", "<f4", ">f4", "<f8", ">f8", "|i1", "<i2", ">i2", "<i4", ">i4", "<i8", ">i8", "|u1", "<u2", ">u2", ">u4", "<u8", ">u8"]


def name(kind):
    return kind.replace("<", "little-").replace(">", "big-").replace("|", "")


def save(path, array, version=(1, 0)):
    with open(HERE / path, "wb") as file:
        np.lib.format.write_array(file, array, version=version)


for kind in TYPES:
    # Eight bits hold none of the larger numbers.
    values = X % 100 if kind in ("|i1", "|u1") else X
    values = -values if kind in ("|i1", "<i2", ">i2", "<i4", ">i4", "<i8", ">i8") else values
    save(f"x-{name(kind)}.npy", values.astype(kind))
save("x-bool.npy", X % 20 > 9)
save("x-fortran.npy", np.asfortranarray(X.astype("<f4")))
save("x-version-2.npy", X.astype("<f4"), version=(2, 0))
save("x-version-3.npy", X.astype("<f4"), version=(3, 0))
save("x-one-step.npy", np.array([[[1.5]]]))
save("x-none.npy", np.zeros((0, 4, 2), "<f4"))
save("x-nan.npy", np.where(X == 211, np.nan, X).astype("<f8"))
save("x-large.npy", np.where(X == 211, 1e39, X).astype("<f8"))
save("x-complex.npy", X.astype("<c8"))
save("x-record.npy", np.zeros(3, [("x", "<f4"), ("y", "<i4")]))
save("steps-channels.npy", X[1].astype("<f4"))
save("one-channel.npy", X[0, :, 0].astype("<f8"))
save("four-axes.npy", np.zeros((1, 2, 2, 1)))
save("y-int.npy", np.array([7, -1, 7]))
save("y-words.npy", np.array(["walk", "größe", "walk"]))
save("y-words-big.npy", np.array(["walk", "größe", "walk"]).astype(">U5"))
save("y-bytes.npy", np.array([b"b", b"aa", b"b"]))
save("y-float.npy", np.array([2.0, 0.0, 2.0]))
save("y-half.npy", np.array([2.0, 0.5, 2.0]))
save("y-steps.npy", np.array([[0, 1, 1, 0], [1, 1, 1, 1], [0, 0, 0, 2]]))
save("y-two.npy", np.array([0, 1]))
np.save(HERE / "y-object.npy", np.array([1, "a", None], dtype=object), allow_pickle=True)

np.savez(HERE / "plain.npz", X=X.astype("<f8"), y=np.array([2, 0, 2]))
np.savez_compressed(
    HERE / "full.npz",
    x=np.asfortranarray(X.astype(">f4")),
    y=np.array([[0, 1, 1, -1], [1, -1, -1, -1], [0, 0, 0, 2]], "|i1"),
    lengths=np.array([3, 1, 4], ">u2"),
    groups=np.array(["s2", "s1", "s2"]),
    classes=np.array(["rest", "walk", "run", "fly"]),
    channels=np.array(["acc", "gyro"]),
)
np.savez(HERE / "one-axis.npz", X=X[:, :, 0].astype("<i2"), y=np.array(["b", "a", "b"]), groups=np.array([12, 3, 12]))
np.savez(HERE / "no-x.npz", data=X, y=np.array([0, 1, 0]))
np.savez(HERE / "too-long.npz", X=X, lengths=np.array([4, 5, 4]))
np.savez(HERE / "negative.npz", X=X, lengths=np.array([4, 4, -1]))
np.savez(HERE / "no-class.npz", X=X, y=np.array([0, 1, 2]), classes=np.array(["a", "b"]))
