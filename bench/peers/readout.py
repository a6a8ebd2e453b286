"""Normal equations and ridge regression along a path of 43 λ, by NumPy in two ways and by scikit-learn."""

import time

import numpy as np
from serve import serve

state = {}


def setup(folder, units, outputs):
    x = folder.read("states").reshape(-1, units)
    y = folder.read("targets").reshape(-1, outputs)
    z = (x - x.mean(0)) / x.std(0)
    centred = y - y.mean(0)
    state.update(x=x, y=y, z=z, gram=z.T @ z, cross=z.T @ centred, centred=centred, path=folder.read("path"))
    return {}


def timed(work, **extra):
    start = time.process_time()
    result = work()
    return {"seconds": time.process_time() - start, **(extra or {})}, result


def moments(folder):
    """Mean and scatter; NumPy sees that it is a product with itself and computes half."""

    def work():
        centred = state["x"] - state["x"].mean(0)
        return centred.T @ centred

    return timed(work)[0]


def solve(folder):
    """A solution for every λ, without a score to choose by: less than is asked for."""
    identity = np.eye(len(state["gram"]))
    return timed(lambda: [np.linalg.solve(state["gram"] + lam * identity, state["cross"]) for lam in state["path"]])[0]


def eigen(folder):
    """Generalised cross-validation for every λ and output from one eigendecomposition."""
    gram, cross, path, n = state["gram"], state["cross"], state["path"], len(state["x"])
    squares = (state["centred"] ** 2).sum(0)

    def work():
        d, q = np.linalg.eigh(gram)
        c = q.T @ cross
        scores = []
        for lam in path:
            shrink = 1 / (d + lam)
            rss = squares - ((2 * shrink - d * shrink**2)[:, None] * c**2).sum(0)
            scores.append(rss / n / (1 - ((d * shrink).sum() + 1) / n) ** 2)
        best = path[np.argmin(scores, axis=0)]
        return q @ (c / (d[:, None] + best))

    return timed(work)[0]


def sklearn(folder):
    """From the states themselves, Gram matrix included."""
    from sklearn.linear_model import RidgeCV

    model = RidgeCV(alphas=state["path"], alpha_per_target=True)
    return timed(lambda: model.fit(state["z"], state["y"]))[0]


def difference(folder, units, outputs):
    """Largest errors of predictions, of weights found elsewhere and of NumPy's from the Gram matrix, at the same λ.

    The reference goes by the singular values of the states, which the Gram matrix squares.
    """
    weights = folder.read("weights").reshape(outputs, units)
    elsewhere = state["x"] @ weights.T + folder.read("intercept")
    u, s, _ = np.linalg.svd(state["z"], full_matrices=False)
    mean = state["y"].mean(0)
    errors = {"elsewhere": 0.0, "numpy": 0.0}
    for o, lam in enumerate(folder.read("lambda")):
        right = u @ (s**2 / (s**2 + lam) * (u.T @ state["centred"][:, o])) + mean[o]
        beta = np.linalg.solve(state["gram"] + lam * np.eye(units), state["cross"][:, o])
        errors["numpy"] = max(errors["numpy"], float(np.abs(state["z"] @ beta + mean[o] - right).max()))
        errors["elsewhere"] = max(errors["elsewhere"], float(np.abs(elsewhere[:, o] - right).max()))
    return errors


serve(setup=setup, moments=moments, solve=solve, eigen=eigen, sklearn=sklearn, difference=difference)
