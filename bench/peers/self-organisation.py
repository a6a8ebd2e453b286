"""Plastic and frozen steps of the package sorn, from a state it is given."""

import logging
import os
import tempfile
import time

import numpy as np
from serve import serve

# On import the package opens a log file in the working directory and takes over the root logger.
home = os.getcwd()
with tempfile.TemporaryDirectory() as scratch:
    os.chdir(scratch)
    from sorn import Simulator, Trainer
os.chdir(home)
logging.disable(logging.CRITICAL)

state = {}


def setup(folder, units, inhibitory, inputs):
    """Weights as the package has them, w[pre, post]; of the activity it keeps this step and the one before."""

    def activity(name):
        now = folder.read(name)
        return np.stack([np.zeros_like(now), now], axis=1)

    start = {
        "Wee": folder.read("EE").reshape(units, units),
        "Wei": folder.read("EI").reshape(inhibitory, units),
        "Wie": folder.read("IE").reshape(units, inhibitory),
        "Te": folder.read("T_E")[:, None],
        "Ti": folder.read("T_I")[:, None],
        "X": activity("x"),
        "Y": activity("y"),
    }
    state.update(start=start, units=units, inputs=inputs)
    return {}


def run(folder, steps, phase, frozen=(), noise=True, record=False):
    units, inputs = state["units"], state["inputs"]
    method = Simulator.simulate_sorn if phase == "plasticity" else Trainer.train_sorn
    callbacks = ["ExcitatoryActivation", "EEConnectionCounts", "EIConnectionCounts"] if record else []
    cpu, wall = time.process_time(), time.perf_counter()
    last, seen = method(
        inputs=np.zeros((inputs, steps)),
        phase=phase,
        matrices={name: values.copy() for name, values in state["start"].items()},
        timesteps=steps,
        noise=noise,
        freeze=list(frozen),
        callbacks=callbacks,
        ne=units,
        nu=inputs,
    )
    answer = {"seconds": time.process_time() - cpu, "wall": time.perf_counter() - wall}
    if record:
        active = np.asarray(seen["ExcitatoryActivation"]).reshape(steps, units)
        folder.write("active", active)
        answer["rate"] = float(active.mean())
        answer["excitatory"] = int((last["Wee"] > 0).sum())
        answer["inhibitory"] = int((last["Wei"] > 0).sum())
    return answer


serve(setup=setup, run=run)
