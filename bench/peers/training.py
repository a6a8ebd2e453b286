"""Training in PyTorch: nn4n's network, torch.nn.RNN, and epochs as bio_rnn_mem makes them."""

import contextlib
import io
import time
import warnings

import blas
import figures
import numpy as np
import torch
from serve import serve

figures.may_be_missing()
warnings.filterwarnings("ignore")
torch.set_num_threads(1)
state = {}


def tensor(folder, name, *shape):
    return torch.from_numpy(folder.read(name).astype(np.float32).reshape(shape))


def given(folder, parameter, name, *shape):
    parameter.data = tensor(folder, name, *shape)


def nn4n_network(folder, units, inputs, outputs, masked):
    """CTRNN as its quick start makes it; with masks, Dale's law and missing synapses."""
    from nn4n.model import CTRNN

    shapes = [(units, inputs), (units, units), (outputs, units)]
    masks = {}
    if masked:
        for key in ("sparsity_masks", "ei_masks"):
            # It takes masks as [pre][post].
            masks[key] = [
                folder.read(f"{key}{k}").reshape(shape).T.copy() if k > 0 else None for k, shape in enumerate(shapes)
            ]
    with contextlib.redirect_stdout(io.StringIO()):
        model = CTRNN(dims=[inputs, units, outputs], activation="relu", dt=20, tau=100, **masks)
    layers = model.layers
    for layer, name, shape in zip(layers, ("in", "rec", "out"), shapes):
        given(folder, layer.weight, name, *shape)
    model.train()
    return model, lambda x: model(x)[0]


class Elman(torch.nn.Module):
    """torch.nn.RNN with a linear readout."""

    def __init__(self, folder, units, inputs, outputs):
        super().__init__()
        self.rnn = torch.nn.RNN(inputs, units, nonlinearity="tanh", batch_first=False)
        self.fc = torch.nn.Linear(units, outputs)
        given(folder, self.rnn.weight_ih_l0, "in", units, inputs)
        given(folder, self.rnn.weight_hh_l0, "rec", units, units)
        given(folder, self.fc.weight, "out", outputs, units)
        for bias in (self.rnn.bias_ih_l0, self.rnn.bias_hh_l0, self.fc.bias):
            bias.data.zero_()
        # Two biases at one place are one that learns twice as fast: one is left out, so that losses can be compared.
        self.rnn.bias_hh_l0.requires_grad_(False)

    def forward(self, x):
        return self.fc(self.rnn(x)[0])


def setup(folder, model, units, inputs, outputs, batch, steps, rate, masked=False):
    state.clear()
    if model == "nn4n":
        module, forward = nn4n_network(folder, units, inputs, outputs, masked)
    else:
        module = Elman(folder, units, inputs, outputs)
        forward = module
    # Ours are (time, channel, trial).
    x = tensor(folder, "x", steps, inputs, batch).transpose(1, 2).contiguous()
    y = tensor(folder, "y", steps, outputs, batch).transpose(1, 2).contiguous()
    optimiser = torch.optim.Adam([p for p in module.parameters() if p.requires_grad], lr=rate)
    state.update(forward=forward, x=x, y=y, optimiser=optimiser)
    return {}


def step():
    state["optimiser"].zero_grad()
    loss = torch.nn.functional.mse_loss(state["forward"](state["x"]), state["y"])
    loss.backward()
    state["optimiser"].step()
    return loss


def losses(folder, count):
    return {"losses": [step().item() for _ in range(count)]}


def threads(folder, own, products):
    """PyTorch's threads and those of OpenBLAS are two pools; MKL takes PyTorch's."""
    torch.set_num_threads(own)
    blas.set_threads(products)
    return {}


def run(folder, count):
    cpu, wall = time.process_time(), time.perf_counter()
    for _ in range(count):
        step()
    return {"seconds": (time.process_time() - cpu) / count, "wall": (time.perf_counter() - wall) / count}


def peak(folder):
    """Peak of resident memory during a step, above what is there before it [bytes]."""

    def read(key):
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith(key))

    with open("/proc/self/clear_refs", "w") as refs:
        refs.write("5")
    step()
    return {"bytes": read("VmHWM")}


class Trials(torch.utils.data.Dataset):
    """Trials found by their id, as bio_rnn_mem finds them: a search for each."""

    def __init__(self, x, y, ids):
        self.x, self.y, self.ids = x, y, ids
        self.order = ids.copy()

    def __len__(self):
        return len(self.ids)

    def __getitem__(self, index):
        (found,) = np.where(self.ids == self.order[index])
        return self.x[found[0]], self.y[found[0]]


def memory_setup(folder, units, steps, train, valid, batch, rate):
    """The model, masks and loops of bio_rnn_mem, written from the description of what it does."""
    state.clear()
    module = Elman(folder, units, 2, 1)
    mask = module.rnn.weight_hh_l0 == 0

    def loader(name, count):
        x = tensor(folder, f"{name}-x", count, steps, 2)
        y = tensor(folder, f"{name}-y", count, steps, 1)
        return torch.utils.data.DataLoader(Trials(x, y, np.arange(count)), batch_size=batch, shuffle=False)

    optimiser = torch.optim.Adam([p for p in module.parameters() if p.requires_grad], lr=rate)
    state.update(
        module=module, mask=mask, train=loader("train", train), valid=loader("valid", valid), optimiser=optimiser
    )
    return {}


def trimmed(module, x, y):
    out = module(x.transpose(0, 1)).transpose(0, 1).reshape(-1)
    y = y.reshape(-1)
    wanted = y != 0
    return torch.nn.functional.mse_loss(out[wanted], y[wanted])


def memory_epoch():
    module, optimiser = state["module"], state["optimiser"]
    train, valid = [], []
    for x, y in state["train"]:
        optimiser.zero_grad()
        loss = trimmed(module, x, y)
        loss.backward()
        # The mask is looked for in each batch.
        module.rnn.weight_hh_l0.grad[module.rnn.weight_hh_l0 == 0] = 0
        optimiser.step()
        train.append(loss.item())
    for x, y in state["valid"]:
        valid.append(trimmed(module, x, y).item())
    return float(np.mean(train)), float(np.mean(valid))


def memory_run(folder, count):
    seen = []
    cpu, wall = time.process_time(), time.perf_counter()
    for _ in range(count):
        seen.append(memory_epoch())
    return {
        "seconds": (time.process_time() - cpu) / count,
        "wall": (time.perf_counter() - wall) / count,
        "losses": [value for pair in seen for value in pair],
    }


serve(
    setup=setup,
    losses=losses,
    threads=threads,
    run=run,
    peak=peak,
    memory_setup=memory_setup,
    memory_run=memory_run,
)
