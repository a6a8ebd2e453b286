/**
 * @file Trained weights leave Cajal whole: what `cajal train` writes, read by PyTorch and by plain NumPy, gives the
 * outputs that the run recorded, from the files of the run directory alone.
 */

import { spawnSync } from "node:child_process";
import { beforeAll, describe, expect, it } from "vitest";
import { workplace } from "./cajal-process.ts";
import { isRequired, pythonWith } from "./python.ts";

const place = workplace("weights");

const ELMAN = `kind: training
name: elman
seed: 3
task: { name: sequence-memory, length: 3 }
network: { model: elman, units: 12 }
updates: 40
batchSize: 16
test: { trials: 8 }
`;

/** Dale's law, missing synapses, biases that are trained, and steps so wide that the best validation is not the last. */
const CURRENT = `kind: training
name: current
seed: 4
task: { name: perceptual-decision }
network: { model: current, units: 16, dale: 0.75, density: 0.5, alpha: 0.3, activation: tanh }
optimiser: { kind: adam, learningRate: 0.05 }
updates: 40
batchSize: 16
validation: { trials: 32, every: 4 }
test: { trials: 8 }
`;

beforeAll(async () => {
  for (const [name, text] of Object.entries({ elman: ELMAN, current: CURRENT })) {
    place.write(`${name}.yaml`, text);
    const { code, err } = await place.cajal("train", `${name}.yaml`, "--out", name, "--json");
    expect(code, err).toBe(0);
  }
}, 60_000);

/** Greatest distance of the program's outputs from those recorded, and how far outputs range. */
const COMPARE = `
wanted = record["test/outputs"]  # (trial, step, output)
shown = numpy.arange(wanted.shape[1])[None, :, None] < record["test/steps"][:, None, None]
print(json.dumps({"apart": float(abs(numpy.where(shown, outputs - wanted, 0)).max()), "range": float(numpy.ptp(wanted[shown[..., 0]]))}))
`;

/** Of the network under Dale's law with half of its synapses: which there are, and what sign their senders have. */
const MASKS_BY_TORCH = `
assert w["masks/rec"].dtype == torch.uint8 and (w["masks/rec"] == 1).all() and "signs/rec" not in w
other = f"{folder}/../current"
c = load_file(f"{other}/weights/current.r0.best.safetensors")
kept = numpy.load(f"{other}/records/current.r0.npz")
for name in ("in", "rec", "out"):
    mask = c["masks/" + name]
    assert mask.dtype == torch.uint8 and mask.tolist() == kept["masks/" + name].tolist()
    assert (c["weights:" + name][mask == 0] == 0).all()
share = float((c["masks/rec"] == 1).double().mean())
assert 0.35 < share < 0.6, share
assert c["signs/rec"].dtype == torch.int8 and c["signs/rec"].tolist() == kept["signs"].tolist()
assert (c["weights:rec"] * c["signs/rec"] >= 0).all()
`;

const BY_TORCH = `
import json, sys, numpy, torch
from safetensors.torch import load_file
folder, job = sys.argv[1:]
w = load_file(f"{folder}/weights/{job}.best.safetensors")
record = numpy.load(f"{folder}/records/{job}.npz")
posts, pres = w["weights:in"].shape
rnn = torch.nn.RNN(pres, posts, batch_first=True).double()
readout = torch.nn.Linear(posts, w["weights:out"].shape[0]).double()
rnn.load_state_dict({
    "weight_ih_l0": w["weights:in"], "weight_hh_l0": w["weights:rec"],
    "bias_ih_l0": w["rec.bias"], "bias_hh_l0": w["rec.recurrentBias"],
})
readout.load_state_dict({"weight": w["weights:out"], "bias": w["out.bias"]})
${MASKS_BY_TORCH}
with torch.no_grad():
    outputs = numpy.array(readout(rnn(torch.tensor(record["test/inputs"].tolist(), dtype=torch.float64))[0]).tolist())
${COMPARE}`;

/** x ← (1 − α) x + α (W_rec r + b_rec + W_in u + b_in), r = f(x), v before the first step 0. */
const BY_NUMPY = `
import json, sys, numpy
folder, job = sys.argv[1:]
record = numpy.load(f"{folder}/records/{job}.npz")
w = {name: record["weights/best." + name] for name in ("in", "rec", "out")}
b = {name: record["parameters/best." + name] for name in ("rec.bias", "rec.recurrentBias", "out.bias")}
assert all((b[name] != record["parameters/last." + name]).any() for name in b)
u = record["test/inputs"]  # (trial, step, input)
alpha, v = 0.3, numpy.zeros((u.shape[0], w["rec"].shape[0]))
r, outputs = numpy.tanh(v), []
for t in range(u.shape[1]):
    v = (1 - alpha) * v + alpha * (r @ w["rec"].T + b["rec.recurrentBias"] + u[:, t] @ w["in"].T + b["rec.bias"])
    r = numpy.tanh(v)
    outputs.append(r @ w["out"].T + b["out.bias"])
outputs = numpy.stack(outputs, 1)
for name, weights in w.items():
    mask = record["masks/" + name]
    assert mask.dtype == numpy.uint8 and mask.shape == weights.shape and (weights[mask == 0] == 0).all()
    assert name == "in" or 0 < (mask == 1).mean() < 1
signs = record["signs"]
assert (numpy.sign(w["rec"]) * signs[None, :] >= 0).all() and set(signs) == {-1, 1}
${COMPARE}`;

describe.each([
  {
    what: "PyTorch, from safetensors",
    name: "elman",
    needs: "torch, safetensors.torch, numpy",
    tool: "torch" as const,
    program: BY_TORCH,
  },
  { what: "NumPy, from npz", name: "current", needs: "numpy", tool: "python" as const, program: BY_NUMPY },
])("$what", ({ name, needs, tool, program }) => {
  const python = pythonWith(needs);
  const missing = `no Python with ${needs} was found (test/experiment/requirements.txt, requirements-torch.txt)`;
  if (python === undefined && !isRequired(tool)) console.log(`Skipped: ${missing}.`);

  it.runIf(python !== undefined || isRequired(tool))(
    "has the outputs that the run recorded",
    () => {
      if (python === undefined) expect.fail(missing);
      const { bestUpdate, updates } = JSON.parse(place.read(`${name}/records/${name}.r0.json`));
      // Outputs are as the best parameters make them.
      if (name === "current") expect(bestUpdate).toBeLessThan(updates);
      place.write(`${name}.py`, program);
      const { stdout, stderr } = spawnSync(
        python,
        [place.path(`${name}.py`), place.path(name), `${name}.r0`],
        {
          encoding: "utf8",
        },
      );
      expect(stderr).toBe("");
      const { apart, range } = JSON.parse(stdout);
      expect(apart).toBeLessThan(1e-6);
      expect(range).toBeGreaterThan(0.1);
    },
    60_000,
  );
});
