"""Versions of the peers, NumPy's BLAS and how fast it multiplies on one thread; with "torch" PyTorch's. One line of JSON."""

import contextlib
import importlib
import importlib.metadata
import io
import json
import platform
import re
import sys
import time

import blas
import figures
import numpy as np

figures.may_be_missing()
TOOLS = ["numpy", "scipy", "scikit-learn", "networkx", "bctpy", "sorn", "torch", "nn4n"]
MODULES = {"scikit-learn": "sklearn", "bctpy": "bct", "nn4n": "nn4n.model"}


def version(name):
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        pass
    # A package that only lies on the path has no metadata.
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            module = importlib.import_module(MODULES.get(name, name))
    except Exception:
        return None
    return getattr(module, "__version__", "of unknown version")


def numpy_blas():
    try:
        from threadpoolctl import threadpool_info

        found = [lib for lib in threadpool_info() if lib["user_api"] == "blas"]
        if found:
            lib = found[0]
            return f"{lib['internal_api']} {lib['version']}, kernels for {lib.get('architecture', 'unknown')}"
    except ImportError:
        pass
    for library in blas.libraries().values():
        return ", kernels for ".join(blas.describe(library))
    try:
        built = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
        return f"{built['name']} {built['version']}"
    except (KeyError, TypeError):
        return "unknown"


def seconds(product, repeats=60):
    """Best CPU seconds of a product."""
    product()
    best = float("inf")
    for _ in range(repeats):
        start = time.process_time_ns()
        for _ in range(4):
            product()
        best = min(best, (time.process_time_ns() - start) / 4e9)
    return best


def numpy_speeds():
    rng = np.random.default_rng(1)
    w, x = rng.random((1000, 1000)), rng.random(1000)
    a, b = rng.random((500, 500)), rng.random((500, 500))
    return {"vector": seconds(lambda: x @ w), "matrix": seconds(lambda: a @ b, 10)}


def torch_blas(torch):
    """BLAS that PyTorch multiplies with, and its kernels as far as it tells them."""
    config = torch.__config__.show()
    mkl = re.search(r"Math Kernel Library Version (\d+[.\d]*)", config)
    if mkl:
        return f"MKL {mkl[1]}", None
    # What the wheels of NumPy and SciPy bring along is theirs.
    own = [lib for path, lib in blas.libraries().items() if ".libs" not in path]
    if own:
        return blas.describe(own[0])
    built = re.search(r"BLAS_INFO=(\w+)", config)
    return f"BLAS {built[1] if built else 'unknown'}", None


def torch_probe():
    import torch

    torch.set_num_threads(1)
    work, total = 0, 0.0
    # Products of training: 256 units and 440, 128 trials.
    for n, k, m in [(128, 256, 256), (440, 440, 128)]:
        a, b = torch.randn(n, k), torch.randn(k, m)
        work += 2 * n * k * m
        total += seconds(lambda a=a, b=b: a @ b)
    library, kernels = torch_blas(torch)
    return {"blas": library, "kernels": kernels, "rate": work / total}


found = torch_probe() if sys.argv[1:] == ["torch"] else {"speeds": numpy_speeds(), "blas": numpy_blas()}
versions = {"python": platform.python_version(), **{name: version(name) for name in TOOLS}}
print(json.dumps({"versions": versions, **found}))
