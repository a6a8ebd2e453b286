import { describe, expect, it } from "vitest";
import { dense } from "../../src/core/index.ts";
import { differentiate } from "../../src/engine/index.ts";
import { input, network, neuron, population, projection } from "../../src/model/index.ts";
import { golden, hasGolden, worst } from "./golden.ts";

type Rows = number[][];

interface Case {
  activation: "relu" | "tanh" | "sigmoid" | "softplus" | "retanh";
  tau: number | number[];
  constrained: boolean;
  learn_alpha: boolean;
  uses_init_state: boolean;
  hidden: Rows[];
  output: Rows[];
  loss: { total: number };
  grads: Record<"W_in" | "W_hid" | "W_out", Rows> & Record<"b_in" | "b_hid" | "b_out" | "alpha", number[]>;
}

interface Reference {
  dims: { n_in: number; n_hidden: number; n_out: number; T: number; batch: number };
  dt: number;
  lambda_fr: number;
  params_constrained: Record<"W_in" | "W_hid" | "W_out", Rows> & Record<"b_in" | "b_hid" | "b_out", number[]>;
  params_free: Record<"W_in" | "W_hid" | "W_out", Rows>;
  input_x: Rows[];
  target_y: Rows[];
  init_state: Rows;
  cases: Record<string, Case>;
}

const reference = hasGolden ? golden<Reference>("nn4n_ref.json") : undefined;

const ACTIVATIONS: Record<Case["activation"], string> = {
  relu: "pos(v)",
  tanh: "tanh(v)",
  sigmoid: "sigmoid(v)",
  softplus: "log(1 + exp(v))",
  retanh: "pos(tanh(v))",
};
const AT_ZERO: Record<Case["activation"], number> = {
  relu: 0,
  tanh: 0,
  sigmoid: 0.5,
  softplus: Math.LN2,
  retanh: 0,
};

/** [batch][time][unit] to (time, unit, instance). */
function timeFirst(values: Rows[]): Float64Array {
  const [B, T, n] = [values.length, values[0].length, values[0][0].length];
  return Float64Array.from(
    { length: T * n * B },
    (_, k) => values[k % B][Math.floor(k / (n * B))][Math.floor(k / B) % n],
  );
}

function build(c: Case, r: Reference, options: { precision: "f64" | "f32"; backend: "wasm" | "interpret" }) {
  const { n_in, n_hidden, n_out, T, batch } = r.dims;
  const { dt } = r;
  const weights = c.constrained ? r.params_constrained : r.params_free;
  const biases = r.params_constrained;
  const matrix = (rows: Rows) => dense(rows.length, rows[0].length, rows.flat());
  const hidden = neuron({
    parameters: { alpha: 0, b_in: 0, b_hid: 0 },
    equations: `
      v = (1 - alpha) * v + alpha * (sum(rec) + b_hid + sum(in) + b_in)
      r = ${ACTIVATIONS[c.activation]}`,
  });
  const taus = typeof c.tau === "number" ? new Array<number>(n_hidden).fill(c.tau) : c.tau;
  const net = network({
    populations: [
      population("hid", {
        size: n_hidden,
        neuron: hidden,
        parameters: { alpha: taus.map((tau) => dt / tau), b_in: biases.b_in, b_hid: biases.b_hid },
        initial: { r: AT_ZERO[c.activation] },
      }),
      population("out", {
        size: n_out,
        neuron: neuron({ parameters: { b: 0 }, equations: "y = sum(hid) + b" }),
        parameters: { b: biases.b_out },
      }),
    ],
    inputs: [input("u", n_in)],
    projections: [
      projection("u", "hid", { name: "in", target: "in", weights: matrix(weights.W_in) }),
      projection("hid", "hid", { name: "hid", target: "rec", weights: matrix(weights.W_hid) }),
      projection("hid", "out", {
        name: "out",
        target: "hid",
        weights: matrix(weights.W_out),
        sameStep: true,
      }),
    ],
  });
  const trainable = [
    "weights:in",
    "weights:hid",
    "weights:out",
    "hid.b_in",
    "hid.b_hid",
    "hid.alpha",
    "out.b",
  ];
  return differentiate(net, { dt, steps: T, instances: batch, trainable, ...options });
}

function startOf(c: Case, r: Reference): Record<string, Float64Array> {
  if (!c.uses_init_state) return {};
  const v = timeFirst(r.init_state.map((row) => [row]));
  return { "hid.v": v, "hid.r": v.map((x) => (c.activation === "tanh" ? Math.tanh(x) : Math.max(x, 0))) };
}

describe.skipIf(!reference)("gradients of nn4n's networks", () => {
  // Skipped suites are still collected.
  const r = reference as Reference;
  const cases = Object.entries(r?.cases ?? {});
  const runs = [
    { precision: "f64", backend: "wasm", tolerance: 1e-10 },
    { precision: "f64", backend: "interpret", tolerance: 1e-10 },
    { precision: "f32", backend: "wasm", tolerance: 1e-6 },
  ] as const;
  describe.each(runs)("$precision $backend", ({ tolerance, ...options }) => {
    it.each(cases)("%s", (_, c) => {
      const { n_hidden, T, batch } = r.dims;
      const grad = build(c, r, options);
      const { records } = grad.forward({
        inputs: { u: timeFirst(r.input_x) },
        initial: startOf(c, r),
        record: ["hid.r", "out.y"],
      });
      expect(worst(records["hid.r"], timeFirst(c.hidden), tolerance)).toBeLessThanOrEqual(1);
      expect(worst(records["out.y"], timeFirst(c.output), tolerance)).toBeLessThanOrEqual(1);
      // L = mean (y − target)² + λ Σᵢ μᵢ² / N with μᵢ the mean rate of unit i.
      const target = timeFirst(r.target_y);
      const ofOutput = Float64Array.from(target, (y, k) => (2 * (records["out.y"][k] - y)) / target.length);
      const mean = new Float64Array(n_hidden);
      records["hid.r"].forEach((x, k) => {
        mean[Math.floor(k / batch) % n_hidden] += x / (T * batch);
      });
      const ofRates = Float64Array.from(
        records["hid.r"],
        (_x, k) => (2 * r.lambda_fr * mean[Math.floor(k / batch) % n_hidden]) / (n_hidden * T * batch),
      );
      const { gradients } = grad.backward({ "out.y": ofOutput, "hid.r": ofRates });
      const same = (name: string, wanted: number[]) =>
        expect(worst(gradients[name], wanted, tolerance), name).toBeLessThanOrEqual(1);
      same("weights:in", c.grads.W_in.flat());
      same("weights:hid", c.grads.W_hid.flat());
      same("weights:out", c.grads.W_out.flat());
      same("hid.b_in", c.grads.b_in);
      same("hid.b_hid", c.grads.b_hid);
      same("out.b", c.grads.b_out);
      if (c.learn_alpha) same("hid.alpha", c.grads.alpha);
    });
  });
});
