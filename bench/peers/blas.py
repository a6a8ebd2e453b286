"""OpenBLAS in this process, asked and told through its own functions, since not every Python has threadpoolctl."""

import ctypes
import os

# Wheels give its functions names of their own.
NAMES = [("", ""), ("", "64_"), ("scipy_", ""), ("scipy_", "64_")]


def function(library, name):
    for prefix, suffix in NAMES:
        found = getattr(library, f"{prefix}openblas_{name}{suffix}", None)
        if found is not None:
            return found
    return None


def libraries():
    """Loaded OpenBLAS libraries by path; none where a process cannot see its own map."""
    try:
        with open("/proc/self/maps") as maps:
            paths = {line.split(maxsplit=5)[-1].strip() for line in maps if "openblas" in line}
    except OSError:
        return {}
    loaded = {path: ctypes.CDLL(path) for path in sorted(paths) if os.path.isfile(path)}
    return {path: library for path, library in loaded.items() if function(library, "get_corename")}


def describe(library):
    """Name and version, and the processor its kernels are for."""

    def text(name):
        found = function(library, name)
        found.restype = ctypes.c_char_p
        return found().decode()

    # "OpenBLAS 0.3.21 NO_AFFINITY …"
    return " ".join(text("get_config").split()[:2]), text("get_corename")


def set_threads(count):
    for library in libraries().values():
        function(library, "set_num_threads")(count)
