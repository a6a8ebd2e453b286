"""nn4n imports matplotlib, and nothing here draws: where it is missing, empty modules do."""

import importlib.util
import sys
import types


def may_be_missing():
    if importlib.util.find_spec("matplotlib") is None:
        for name in ("matplotlib", "matplotlib.pyplot"):
            sys.modules[name] = types.ModuleType(name)
        sys.modules["matplotlib"].pyplot = sys.modules["matplotlib.pyplot"]
