import { describe, expect, it } from "vitest";
import { omega } from "../losses/omega.ts";
import { noise } from "../losses/testing/finite-difference.ts";
import { ACTIVATION_SLOPES } from "./leaky-rate.ts";
import type { RateActivation } from "./rate-network-options.ts";
import { type SharedWork, workAlone, workShare } from "./shared-work.ts";

const shape = { time: 5, units: 3, batch: 7 };
const { time, units, batch } = shape;
const size = time * units * batch;
const PARTS = [
  { first: 3, width: 4, of: 7 },
  { first: 0, width: 3, of: 7 },
];

const x = noise(size, 1);
const weights = noise(units * units, 2);
// A trial without a gradient, and one whose gradient ends.
const d = noise(size, 3).map((v, k) => (k % batch === 2 || (k % batch === 5 && k > size / 2) ? 0 : v));

/** Ω and dΩ/dW by divided work and plain products, as the regulariser does it. */
function worked(
  divide: (work: SharedWork) => number,
  given: { activation: RateActivation; alpha: Float64Array; gain: Float64Array },
) {
  const alphaOf = (k: number) => given.alpha[given.alpha.length > 1 ? Math.floor(k / batch) % units : 0];
  const dSum = d.map((v, k) => v * alphaOf(k));
  const back = new Float64Array(size);
  const entries = (visit: (post: number, pre: number, i: number, j: number) => void) => {
    for (let t = 0; t < time; t++)
      for (let b = 0; b < batch; b++)
        for (let post = 0; post < units; post++)
          for (let pre = 0; pre < units; pre++)
            visit(post, pre, (t * units + post) * batch + b, (t * units + pre) * batch + b);
  };
  entries((post, pre, i, j) => {
    back[j] += weights[post * units + pre] * dSum[i];
  });
  // What an earlier batch left in memory must not matter.
  const array = (length: number) => new Float64Array(length).fill(7);
  const norms = () => array(time * batch);
  const work = { shape, slopes: array(size), pulled: array(size), below: norms(), above: norms() };
  const counted = divide({ ...work, ...given, kind: "omega-norms", x, dSum, back });
  const reads = array(size);
  const value = divide({ ...work, kind: "omega-reads", counted, reads }) / counted;
  const gradient = new Float64Array(units * units);
  entries((post, pre, i, j) => {
    gradient[post * units + pre] += dSum[i] * reads[j];
  });
  return { value, gradient, counted };
}

describe("work for Ω", () => {
  const alone = workAlone();
  const inParts = (work: SharedWork) => PARTS.reduce((sum, one) => sum + workShare(work, one)[0], 0);

  it.each(Object.keys(ACTIVATION_SLOPES) as RateActivation[])(
    "is Ω from its definition, %s",
    (activation) => {
      for (const [alpha, gain] of [
        [[0.2], [1]],
        [
          [0.2, 0.5, 1],
          [1, -0.7, 2],
        ],
      ].map((pair) => pair.map((values) => Float64Array.from(values)))) {
        const got = worked((work) => alone.divide(work)[0], { activation, alpha, gain });
        const slopes = x.map((v, k) => {
          const g = gain[gain.length > 1 ? Math.floor(k / batch) % units : 0];
          return g * ACTIVATION_SLOPES[activation](g * v);
        });
        const gradient = new Float64Array(units * units);
        const value = omega({
          ...{ stateGradients: d, slopes, weights, shape, into: { gradient } },
          alpha: alpha.length > 1 ? alpha : alpha[0],
        });
        expect(Math.abs(got.value - value)).toBeLessThan(1e-12 * value);
        gradient.forEach((g, k) => {
          expect(Math.abs(got.gradient[k] - g)).toBeLessThan(1e-12);
        });
        const apart = worked(inParts, { activation, alpha, gain });
        expect(apart.counted).toBe(got.counted);
        expect(apart.gradient).toEqual(got.gradient);
        expect(Math.abs(apart.value - value)).toBeLessThan(1e-12 * value);
      }
    },
  );
});
