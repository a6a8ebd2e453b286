"""The state loop of a sweep over spectral radii: as conn2res runs it, and two faster ways of writing it in SciPy."""

import time

import numpy as np
from serve import serve

state = {}


def setup(folder, nodes, alphas):
    pre, post = folder.read("pre", np.int32), folder.read("post", np.int32)
    w = np.zeros((nodes, nodes))
    w[pre, post] = folder.read("values")
    state.update(w=w, w_in=folder.read("input-weights"), u=folder.read("input"), alphas=np.array(alphas))
    return {}


def timed(loop, folder, steps, save=None, precision="f64"):
    dtype = np.float64 if precision == "f64" else np.float32
    start = time.process_time()
    last = loop(state["w"].astype(dtype), state["w_in"].astype(dtype), state["u"].astype(dtype), steps)
    seconds = time.process_time() - start
    if save:
        folder.write(save, last)
    return {"seconds": seconds}


def dense_loop(w, w_in, u, steps):
    """One dense product a step, one spectral radius after the other; all states are kept, as conn2res does."""
    last = []
    for alpha in state["alphas"].astype(w.dtype):
        scaled = alpha * w
        x = np.zeros((steps + 1, len(w)), dtype=w.dtype)
        for t in range(steps):
            x[t + 1] = np.tanh(x[t] @ scaled + u[t] * w_in)
        last.append(x[-1])
    return np.array(last)


def sparse_loop(w, w_in, u, steps):
    """The same with sparse weights."""
    import scipy.sparse

    last = []
    for alpha in state["alphas"].astype(w.dtype):
        scaled = scipy.sparse.csr_array((alpha * w).T)
        x = np.zeros((steps + 1, len(w)), dtype=w.dtype)
        for t in range(steps):
            x[t + 1] = np.tanh(scaled @ x[t] + u[t] * w_in)
        last.append(x[-1])
    return np.array(last)


def batched_loop(w, w_in, u, steps):
    """All spectral radii at once, as Cajal does it; states are not kept."""
    import scipy.sparse

    weights = scipy.sparse.csr_array(w.T)
    alphas = state["alphas"].astype(w.dtype)
    x = np.zeros((len(w), len(alphas)), dtype=w.dtype)
    for t in range(steps):
        x = np.tanh((weights @ x) * alphas + (u[t] * w_in)[:, None])
    return x.T


serve(
    setup=setup,
    dense=lambda folder, **kw: timed(dense_loop, folder, **kw),
    sparse=lambda folder, **kw: timed(sparse_loop, folder, **kw),
    batched=lambda folder, **kw: timed(batched_loop, folder, **kw),
)
