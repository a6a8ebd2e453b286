import { describe, expect, it } from "vitest";
import { hasGolden } from "../../../../test/golden/golden.ts";
import {
  type Nn4nCase,
  readBioRnnMem,
  readNn4n,
  type TorchNumbers,
} from "../../../../test/golden/training-references.ts";
import { createRng } from "../../../core/index.ts";
import { projectParameters } from "../constraints/enforce.ts";
import { createConstraint } from "../constraints/weight-constraint.ts";
import { fromAxisOrder } from "../losses/trajectory.ts";
import type { OptimiserSpec } from "../optimisers/optimiser.ts";
import { fewSteps } from "../testing/few-steps.ts";
import { expectAll, flat, type Rows } from "../testing/rows.ts";
import { ACTIVATIONS } from "../testing/slow-rnn.ts";
import { currentNetwork } from "./current-network.ts";
import { elmanNetwork } from "./elman-network.ts";
import type { TrainableNetwork } from "./trainable-network.ts";
import { withParameters } from "./with-parameters.ts";

const nn4n = readNn4n();
const bio = readBioRnnMem();
const BATCH_FIRST = ["batch", "time", "unit"] as const;
const PRECISIONS = [
  ["f64", 1e-10],
  ["f32", 1e-6],
] as const;

describe.skipIf(!hasGolden)("currentNetwork against nn4n 1.2.0, three Adam steps", () => {
  const size = { time: 12, batch: 2 };
  const [inputs, units, outputs] = [3, 6, 2];
  const turned = (rows: Rows, n: number) => fromAxisOrder(flat(rows), { ...size, units: n }, BATCH_FIRST);

  function build(c: Nn4nCase): TrainableNetwork {
    const p = { ...nn4n.params_constrained, ...(c.constrained ? {} : nn4n.params_free) };
    const masks = { in: nn4n.masks.sparsity_in, rec: nn4n.masks.sparsity_hid, out: nn4n.masks.sparsity_out };
    const signs = { in: nn4n.masks.ei_in, rec: nn4n.masks.ei_hid, out: nn4n.masks.ei_out };
    const raw = { in: p.W_in, rec: p.W_hid, out: p.W_out };
    const flatten = (of: typeof raw) => ({ in: flat(of.in), rec: flat(of.rec), out: flat(of.out) });
    const weights = flatten(raw);
    if (c.constrained) {
      for (const name of ["in", "rec", "out"] as const) {
        const [post, pre] = [raw[name].length, raw[name][0].length];
        const own = { name, post, pre, mask: flat(masks[name]), entrySigns: flat(signs[name]) };
        projectParameters(createConstraint(own), weights[name]);
      }
    }
    const tau = [c.tau].flat();
    const made = currentNetwork({
      inputs,
      units,
      outputs,
      rng: createRng(1),
      activation: c.activation,
      alpha: tau.length === 1 ? nn4n.dt / tau[0] : tau.map((one) => nn4n.dt / one),
      alphaBounds: false,
      weights,
      ...(c.constrained && { masks: flatten(masks), entrySigns: flatten(signs) }),
      train: [
        "in",
        "rec",
        "out",
        "bias",
        "recurrentBias",
        "outputBias",
        ...(c.learn_alpha ? ["alpha" as const] : []),
      ],
    });
    const biases = {
      "rec.bias": flat(p.b_in),
      "rec.recurrentBias": flat(p.b_hid),
      "out.bias": flat(p.b_out),
    };
    return { ...made, network: withParameters(made.network, biases) };
  }

  const NAMES: Record<string, string> = {
    W_in: "weights:in",
    W_hid: "weights:rec",
    W_out: "weights:out",
    b_in: "rec.bias",
    b_hid: "rec.recurrentBias",
    b_out: "out.bias",
    alpha: "rec.alpha",
  };

  describe.each(PRECISIONS)("in %s", (precision, tolerance) => {
    it.each(Object.entries(nn4n?.cases ?? {}))("%s", (_, c) => {
      const v0 = c.uses_init_state
        ? fromAxisOrder(flat(nn4n.init_state), { time: 1, units, batch: 2 }, BATCH_FIRST)
        : undefined;
      const got = fewSteps({
        network: build(c),
        trials: {
          dt: nn4n.dt,
          ...size,
          inputs: turned(nn4n.input_x, inputs),
          targets: turned(nn4n.target_y, outputs),
        },
        terms: [
          { kind: "mse", of: "z", target: "targets" },
          { kind: "rate", of: "r", metric: "mean-l2", weight: nn4n.lambda_fr },
        ],
        optimiser: { kind: "adam", learningRate: 0.05 },
        precision,
        record: ["rec.v"],
        steps: 3,
        ...(v0 && { initial: { "rec.v": v0, "rec.r": v0.map(ACTIVATIONS[c.activation][0]) } }),
      });
      expectAll(got.records["rec.v"], [...turned(c.preactivation_v, units)], tolerance);
      expectAll(got.records["rec.r"], [...turned(c.hidden, units)], tolerance);
      expectAll(got.records["out.z"], [...turned(c.output, outputs)], tolerance);
      expectAll([got.terms.mse, got.terms.rate], [c.loss.mse, c.loss.fr], tolerance);
      for (const [name, g] of Object.entries(c.grads)) expectAll(got.gradients[NAMES[name]], g, tolerance);
      expectAll(got.losses.slice(0, 3), c.loss_history, tolerance);
      const wanted = c.params_after_3_adam_enforced ?? c.params_after_3_adam_raw;
      for (const [name, p] of Object.entries(wanted)) expectAll(got.parameters[NAMES[name]], p, tolerance);
    });
  });
});

describe.skipIf(!hasGolden)("elmanNetwork against torch 1.13", () => {
  const [units, inputs] = [8, 2];
  const NAMES: Record<string, string> = {
    weight_ih: "weights:in",
    weight_hh: "weights:rec",
    bias_ih: "rec.bias",
    bias_hh: "rec.recurrentBias",
    fc_weight: "weights:out",
    fc_bias: "out.bias",
  };
  /** From the numbers of the file; `mask` is what may be trained, the weights off it are 0. */
  function build(p: TorchNumbers, options: { activation: "tanh" | "relu"; mask?: Float64Array }) {
    const outputs = p.fc_weight.length;
    const made = elmanNetwork({
      inputs,
      units,
      outputs,
      rng: createRng(1),
      activation: options.activation,
      weights: { in: flat(p.weight_ih), rec: flat(p.weight_hh), out: flat(p.fc_weight) },
      ...(options.mask && keepUnmasked(flat(p.weight_hh), options.mask)),
    });
    const biases = {
      "rec.bias": flat(p.bias_ih),
      "rec.recurrentBias": flat(p.bias_hh),
      "out.bias": flat(p.fc_bias),
    };
    return { ...made, network: withParameters(made.network, biases) };
  }

  /** bio_rnn_mem stops the gradients of synapses off its mask and leaves their weights as they are: they are fixed. */
  function keepUnmasked(w: Float64Array, mask: Float64Array) {
    return {
      masks: { rec: w.map((x, k) => (mask[k] !== 0 || x !== 0 ? 1 : 0)) },
      fixed: { rec: w.map((x, k) => (mask[k] === 0 ? x : 0)) },
    };
  }

  const OPTIMISERS: Record<string, OptimiserSpec> = {
    Adam: { kind: "adam", learningRate: 0.01 },
    RMSprop: { kind: "rmsprop", learningRate: 0.01 },
    SGD: { kind: "sgd", learningRate: 0.1 },
  };
  const runs = Object.keys(OPTIMISERS).map((name) => ["tanh", name] as const);

  describe.each(PRECISIONS)("in %s", (precision, tolerance) => {
    it.each(runs)("sequence memory, %s, three steps of %s behind a mask", (activation, name) => {
      const golden = bio.rnn_seq_mem;
      const size = { time: 7, batch: 4 };
      const turned = (rows: Rows, n: number) => fromAxisOrder(flat(rows), { ...size, units: n }, BATCH_FIRST);
      const y = turned(golden.Y, 1);
      const got = fewSteps({
        network: build(golden.init, { activation, mask: flat(golden.mask_weight_hh) }),
        trials: {
          dt: 1,
          ...size,
          inputs: turned(golden.X, inputs),
          targets: y,
          mask: y.map((t) => (t === 0 ? 0 : 1)),
        },
        terms: [{ kind: "mse", of: "z", target: "targets" }],
        optimiser: OPTIMISERS[name],
        precision,
        record: ["rec.r"],
        steps: 3,
      });
      const rnn = golden[activation];
      const r = Array.from(got.records["rec.r"]);
      expectAll(got.records["out.z"], [...turned(rnn.output, 1)], tolerance);
      const last = Array.from(
        { length: 32 },
        (_, k) => r[(6 * units + (k % units)) * 4 + Math.floor(k / units)],
      );
      expectAll(last, rnn.hidden_last, tolerance);
      const first = r.filter((_, k) => k % 4 === 0);
      expectAll(first, rnn.hidden_all_trial0, tolerance);
      expect(Math.abs(got.losses[0] - rnn.loss)).toBeLessThan(tolerance);
      for (const [key, g] of Object.entries(rnn.grad_unmasked))
        expectAll(got.gradients[NAMES[key]], g, tolerance);
      const { params, loss_before_each_step_and_after: history } = rnn.after3[name];
      expectAll(got.losses, history, tolerance);
      for (const [key, p] of Object.entries(params)) expectAll(got.parameters[NAMES[key]], p, tolerance);
    });

    it("n-back memory: likelihood, its gradients, answers", () => {
      const golden = bio.rnn_nback_mem;
      const size = { time: 6, batch: 6 };
      const turned = (rows: Rows, n: number) => fromAxisOrder(flat(rows), { ...size, units: n }, BATCH_FIRST);
      const { fc_weight, fc_bias } = golden;
      const labels = Int32Array.from({ length: 36 }, (_, k) => golden.Y[k % 6][Math.floor(k / 6)] || -1);
      const got = fewSteps({
        network: build({ ...bio.rnn_seq_mem.init, fc_weight, fc_bias }, { activation: "tanh" }),
        trials: { dt: 1, ...size, inputs: turned(golden.X, inputs), targets: new Float64Array(6 * 3 * 6) },
        labels,
        terms: [{ kind: "cross-entropy", of: "z", target: "labels" }],
        optimiser: { kind: "sgd", learningRate: 0.1 },
        precision,
        record: [],
        steps: 1,
      });
      expect(Math.abs(got.losses[0] - golden.loss)).toBeLessThan(tolerance);
      for (const [key, g] of Object.entries(golden.grad_unmasked))
        expectAll(got.gradients[NAMES[key]], g, tolerance);
      const z = got.records["out.z"];
      const at = (b: number) => [0, 1, 2].map((c) => z[(5 * 3 + c) * 6 + b]);
      const log = Array.from({ length: 6 }, (_, b) => {
        const sum = Math.log(at(b).reduce((total, x) => total + Math.exp(x), 0));
        return at(b).map((x) => x - sum);
      });
      expectAll(log.flat(), golden.logprob_at_labelled_step, tolerance);
      const right = log.filter((row, b) => row.indexOf(Math.max(...row)) === labels[5 * 6 + b]).length;
      expect((100 * right) / 6).toBe(golden.accuracy_percent);
    });
  });
});
