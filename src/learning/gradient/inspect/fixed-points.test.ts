import { describe, expect, it } from "vitest";
import { createRng, dense, eigenvalues } from "../../../core/index.ts";
import { simulate } from "../../../engine/index.ts";
import { input, type Network, network, neuron, population, projection } from "../../../model/index.ts";
import { findFixedPoints } from "./fixed-points.ts";
import { jacobianModes, modeDirections } from "./jacobian-modes.ts";

const TAU = 10;

/** τ dx/dt = −x + W f(x) + u. */
function rateUnits(weights: ArrayLike<number>, f: string): Network {
  const n = Math.sqrt(weights.length);
  const identity = dense(n, n);
  for (let i = 0; i < n; i++) identity.values[i * n + i] = 1;
  const equations = `${TAU} * dx/dt = -x + sum(rec) + sum(in)\nr = ${f}`;
  return network({
    populations: [population("rec", { size: n, neuron: neuron({ equations }) })],
    inputs: [input("u", n)],
    projections: [
      projection("rec", "rec", { weights: dense(n, n, weights), target: "rec" }),
      projection("u", "rec", { weights: identity, target: "in" }),
    ],
  });
}

function randomStarts(count: number, size: number, scale = 1) {
  const rng = createRng(5);
  return Float64Array.from({ length: count * size }, () => scale * rng.normal());
}

describe("findFixedPoints", () => {
  it("finds the one point of a linear network, (1 − W)⁻¹ u, with eigenvalues 1 − α + α λ(W)", () => {
    const weights = [0.2, -0.7, 0.4, 0.5, 0.1, 0.3, -0.2, 0.6, -0.4];
    const u = [1, -2, 0.5];
    const { points, dropped, state } = findFixedPoints(rateUnits(weights, "x"), {
      dt: 1,
      inputs: { u },
      starts: randomStarts(9, 3, 4),
      points: 4,
      record: ["rec.r"],
    });
    expect(state.derived).toEqual(["rec.r"]);
    expect(points.length).toBe(1);
    expect(dropped).toEqual({ moving: 0, quick: 0, far: 0 });
    const [{ state: x, kind, starts, stability, modes, records }] = points;
    expect([kind, starts, stability]).toEqual(["fixed", 9, "stable"]);
    for (let i = 0; i < 3; i++) {
      const drive = weights.slice(i * 3, i * 3 + 3).reduce((s, w, j) => s + w * x[j], u[i]);
      expect(x[i]).toBeCloseTo(drive, 12);
      expect(records["rec.r"][i]).toBeCloseTo(x[i], 12);
    }
    const { re, im } = eigenvalues(dense(3, 3, weights));
    const expected = Array.from(re, (v, k) => [0.9 + 0.1 * v, 0.1 * im[k]]).sort(
      ([a, b], [c, d]) => c * c + d * d - a * a - b * b || d - b,
    );
    modes.forEach((m, k) => {
      expect(m.re).toBeCloseTo(expected[k][0], 12);
      expect(m.im).toBeCloseTo(expected[k][1], 12);
    });
  });

  it("finds both choices and the saddle between them in two units that inhibit each other", () => {
    // x₂ = −x₁ at every fixed point, and x₁ = 1.8 tanh(x₁).
    const weights = [0.9, -0.9, -0.9, 0.9];
    let a = 1;
    for (let k = 0; k < 200; k++) a = 1.8 * Math.tanh(a);
    for (const backend of ["wasm", "interpret"] as const) {
      const { points } = findFixedPoints(rateUnits(weights, "tanh(x)"), {
        dt: 1,
        starts: randomStarts(20, 2),
        backend,
      });
      const sorted = [...points].sort((p, q) => p.state[0] - q.state[0]);
      expect(sorted.map((p) => p.stability)).toEqual(["stable", "saddle", "stable"]);
      expect(sorted.map((p) => p.kind)).toEqual(["fixed", "fixed", "fixed"]);
      expect(points.reduce((sum, p) => sum + p.starts, 0)).toBe(20);
      sorted.forEach(({ state, modes, unstable }, k) => {
        const x = (k - 1) * a;
        expect(Math.abs(state[0] - x)).toBeLessThan(1e-10);
        expect(Math.abs(state[1] + x)).toBeLessThan(1e-10);
        const d = 1 - Math.tanh(x) ** 2;
        expect(modes[0].re).toBeCloseTo(0.9 + 0.1 * d * 1.8, 9);
        expect(modes[1].re).toBeCloseTo(0.9, 12);
        expect(unstable).toBe(k === 1 ? 1 : 0);
      });
      // A simulation that starts beside the saddle leaves it for the choice on that side.
      for (const side of [-1, 1]) {
        const run = simulate(rateUnits(weights, "tanh(x)"), { dt: 1 });
        run.set("rec.x", [1e-3 * side, 0]);
        run.run(400);
        expect(run.get("rec.x")[0]).toBeCloseTo(side * a, 9);
      }
      // The unstable direction tells the units apart; only their difference gets into it.
      const { right, left } = modeDirections(sorted[1])!;
      expect(right[0] * right[1]).toBeCloseTo(-0.5, 9);
      expect(left[0] + left[1]).toBeCloseTo(0, 9);
      expect(left[0] * right[0] + left[1] * right[1]).toBeCloseTo(1, 12);
    }
  });

  it("finds a ring of marginal points of one amplitude", () => {
    const n = 24;
    const g = 1.6;
    const angle = (i: number) => (2 * Math.PI * i) / n;
    const weights = Array.from(
      { length: n * n },
      (_, k) => ((2 * g) / n) * Math.cos(angle(Math.floor(k / n)) - angle(k % n)),
    );
    let amplitude = 1;
    for (let k = 0; k < 500; k++) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += Math.cos(angle(i)) * Math.tanh(amplitude * Math.cos(angle(i)));
      amplitude = ((2 * g) / n) * sum;
    }
    const phases = Array.from({ length: 10 }, (_, k) => 0.1 + (2 * Math.PI * k) / 10);
    const starts = Float64Array.from(
      { length: 10 * n },
      (_, k) => (amplitude + 0.3) * Math.cos(angle(k % n) - phases[Math.floor(k / n)]),
    );
    const { points } = findFixedPoints(rateUnits(weights, "tanh(x)"), { dt: 2, starts, points: 4 });
    expect(points.length).toBe(10);
    for (const { state, stability, modes } of points) {
      const re = state.reduce((s, x, i) => s + ((2 * x) / n) * Math.cos(angle(i)), 0);
      const im = state.reduce((s, x, i) => s + ((2 * x) / n) * Math.sin(angle(i)), 0);
      expect(Math.hypot(re, im)).toBeCloseTo(amplitude, 6);
      expect(stability).toBe("marginal");
      expect(modes[1].modulus).toBeLessThan(0.99);
    }
  });

  it("tells the ghost of a lost fixed point, which is slow, from a place that is quick", () => {
    const ghost = (left: number) =>
      network({
        populations: [
          population("p", { size: 1, neuron: neuron({ equations: `x = x + 0.1 * (${left} + x * x)` }) }),
        ],
      });
    const starts = Float64Array.of(-0.4, 0.1, 0.3);
    const { points } = findFixedPoints(ghost(0.01), { dt: 1, starts });
    expect(points.length).toBe(1);
    expect(points[0].kind).toBe("slow");
    expect(Math.abs(points[0].state[0])).toBeLessThan(1e-4);
    expect(points[0].q).toBeCloseTo(0.5e-6, 12);
    expect(findFixedPoints(ghost(0.1), { dt: 1, starts })).toMatchObject({
      points: [],
      dropped: { moving: 0, quick: 3, far: 0 },
    });
    const far = findFixedPoints(ghost(-9), { dt: 1, starts: Float64Array.of(2.999, 3.0005), mergeWithin: 0 });
    expect(far.points.length).toBeGreaterThanOrEqual(1);
    expect(findFixedPoints(ghost(-9), { dt: 1, starts: Float64Array.of(2.1, 2.3) }).dropped.far).toBe(0);
    expect(findFixedPoints(ghost(-9), { dt: 1, starts: Float64Array.of(2.1, 2.1001) }).dropped.far).toBe(2);
    expect(findFixedPoints(ghost(-9), { dt: 1, starts, iterations: 1 }).dropped.moving).toBe(3);
    const beyond = findFixedPoints(ghost(-9), { dt: 1, starts: Float64Array.of(1e200, 2.9), iterations: 30 });
    expect([beyond.dropped.moving, beyond.points.length]).toEqual([1, 1]);
  });

  it("says what is wrong", () => {
    const net = rateUnits([0, 0, 0, 0], "x");
    const starts = new Float64Array(3);
    expect(() => findFixedPoints(net, { dt: 1, starts })).toThrow(
      "3 values are no starts of 2 finite components each",
    );
    expect(() => findFixedPoints(net, { dt: 1, starts, iterations: 0 })).toThrow(
      "iterations must be a whole number ≥ 1, got 0",
    );
    expect(() => findFixedPoints(net, { dt: 1, starts, mergeWithin: -1 })).toThrow(
      "mergeWithin must be at least 0, got -1",
    );
  });
});

describe("jacobianModes", () => {
  it("turns eigenvalues into time constants and frequencies", () => {
    const turn = Math.PI / 5;
    const [c, s] = [0.9 * Math.cos(turn), 0.9 * Math.sin(turn)];
    const { modes, stability } = jacobianModes(dense(3, 3, [c, -s, 0, s, c, 0, 0, 0, -0.5]), 4);
    expect(stability).toBe("stable");
    expect(modes.map((m) => Math.sign(m.im))).toEqual([1, -1, 0]);
    expect(modes[0].timeConstant).toBeCloseTo(-4 / Math.log(0.9), 10);
    expect(modes[0].frequency).toBeCloseTo(25, 10);
    expect(modes[2].frequency).toBeCloseTo(125, 10);
    expect(jacobianModes(dense(1, 1, [1]), 4)).toMatchObject({
      stability: "marginal",
      modes: [{ timeConstant: Number.POSITIVE_INFINITY }],
    });
    expect(jacobianModes(dense(1, 1, [1.5]), 4).stability).toBe("repeller");
    expect(modeDirections({ jacobian: dense(2, 2, [c, -s, s, c]), modes })).toBeUndefined();
  });

  it("scales the left eigenvector by the right one, also where the two are far from parallel", () => {
    const jacobian = dense(2, 2, [0.9, 1, 0, 0.5]);
    const { right, left } = modeDirections({ jacobian, modes: jacobianModes(jacobian, 1).modes })!;
    const sign = Math.sign(right[0]);
    // (1, 0) and, from wᵀ (J − 0.9) = 0, (1, 2.5).
    for (const [k, v] of [1, 0].entries()) expect(sign * right[k]).toBeCloseTo(v, 10);
    for (const [k, v] of [1, 2.5].entries()) expect(sign * left[k]).toBeCloseTo(v, 10);
  });
});
