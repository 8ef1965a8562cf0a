# Written with Python 3, NumPy 2.4.6 and scikit-learn 1.9.1: the statistics of a training set, as its user saves them.
import pathlib
import numpy as np
from sklearn.preprocessing import StandardScaler

HERE = pathlib.Path(__file__).parent
# The last channel never changes: scikit-learn gives it the deviation 1.
X = np.array([[0.1, -9.7, 5.0], [0.4, -9.1, 5.0], [0.2, -9.2, 5.0]])
scaler = StandardScaler().fit(X)
np.savez(HERE / "scaler.npz", mean=scaler.mean_, std=scaler.scale_)
np.savez(HERE / "sklearn.npz", mean=scaler.mean_, scale=scaler.scale_)
np.savez(HERE / "zero.npz", mean=X.mean(0), std=X.std(0))
np.savez(HERE / "two-axes.npz", mean=X.mean(0, keepdims=True), std=scaler.scale_)
