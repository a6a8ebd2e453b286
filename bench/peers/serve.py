"""A peer answers every line of JSON on its standard input with one on its standard output."""

import json
import os
import sys

import numpy as np


def serve(**handlers):
    """Call the handler a request names in "kind"; the others of its values are arguments."""
    for line in sys.stdin:
        request = json.loads(line)
        folder = request.pop("folder")
        try:
            answer = handlers[request.pop("kind")](Folder(folder), **request)
        except Exception as error:  # A tool that fails must not end the benchmarks of the others.
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


class Folder:
    """Arrays shared with the benchmark, as files of raw numbers."""

    def __init__(self, path):
        self.path = path

    def read(self, name, dtype=np.float64):
        return np.fromfile(os.path.join(self.path, name), dtype=dtype)

    def write(self, name, values):
        np.ascontiguousarray(values, dtype=np.float64).tofile(os.path.join(self.path, name))
