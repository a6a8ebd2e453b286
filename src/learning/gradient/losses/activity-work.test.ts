import { describe, expect, it } from "vitest";
import { type ActivityWork, inOneGo, stepsOf, WHOLE, workActivity } from "./activity-work.ts";
import { noise } from "./testing/finite-difference.ts";

const shape = { time: 6, units: 4, batch: 7 };
const size = shape.time * shape.units * shape.batch;
const PARTS = [
  { first: 0, width: 3, of: 7 },
  { first: 3, width: 1, of: 7 },
  { first: 4, width: 3, of: 7 },
];

/** Weights from 0 to 2, a third of them 0. */
const weigh = (length: number, seed: number) => noise(length, seed).map((m) => (m < -0.33 ? 0 : m + 1));
const MASKS = {
  "no mask": undefined,
  "a mask of steps": weigh(shape.time * shape.batch, 5),
  "a mask of entries": weigh(size, 6),
};

type Options = ActivityWork extends infer W
  ? W extends ActivityWork
    ? Omit<W, "shape" | "activity" | "mask" | "gradient">
    : never
  : never;

const WORKS: Options[] = [
  ...[true, false].flatMap((squared) =>
    [true, false].map((absolute) => {
      return { kind: "distances", squared, absolute, target: 0.3, factor: 0.7 } as const;
    }),
  ),
  ...[true, false].map((absolute) => ({ kind: "unit-sums", absolute }) as const),
  ...[true, false].map((absolute) => {
    return { kind: "unit-slopes", absolute, factors: noise(shape.units, 9) } as const;
  }),
  { kind: "changes", lag: 1, factor: 0.7 },
  { kind: "changes", lag: 4, factor: 0.7 },
];

/** Entry by entry, from the definition. */
function slowly({ activity, mask, gradient: given, ...work }: ActivityWork) {
  const { time, units, batch } = shape;
  const gradient = Float64Array.from(given!);
  const steps = work.kind === "changes" ? time - work.lag : time;
  const sums = new Array<number>(
    { distances: 1, changes: 1, "unit-sums": 2 * units, "unit-slopes": 0 }[work.kind],
  );
  sums.fill(0);
  for (let b = 0; b < batch; b++)
    for (let unit = 0; unit < units; unit++)
      for (let t = 0; t < steps; t++) {
        const k = (t * units + unit) * batch + b;
        const m = mask === undefined ? 1 : mask.length === steps * batch ? mask[t * batch + b] : mask[k];
        if (m === 0) continue;
        if (work.kind === "changes") {
          const later = k + work.lag * units * batch;
          sums[0] += m * (activity[later] - activity[k]) ** 2;
          gradient[later] += work.factor * m * (activity[later] - activity[k]);
          gradient[k] += work.factor * m * (activity[k] - activity[later]);
          continue;
        }
        const rate = work.absolute ? Math.abs(activity[k]) : activity[k];
        const sign = work.absolute ? Math.sign(activity[k]) : 1;
        if (work.kind === "distances") {
          const { squared, target, factor } = work;
          sums[0] += m * Math.abs(rate - target) ** (squared ? 2 : 1);
          gradient[k] += factor * m * sign * (squared ? 2 * (rate - target) : Math.sign(rate - target));
        } else if (work.kind === "unit-sums") {
          sums[unit] += m;
          sums[units + unit] += m * rate;
        } else gradient[k] += work.factors[unit] * m * sign;
      }
  return { sums, gradient };
}

function expectClose(got: ArrayLike<number>, wanted: ArrayLike<number>): void {
  expect(got.length).toBe(wanted.length);
  for (let k = 0; k < wanted.length; k++)
    expect(Math.abs(got[k] - wanted[k])).toBeLessThanOrEqual(1e-13 * (1 + Math.abs(wanted[k])));
}

describe("stepsOf", () => {
  it("leaves no step out and takes none twice, however many there are", () => {
    const of = (time: number) => PARTS.map((share) => stepsOf(time, share));
    expect(of(6)).toEqual([
      { from: 0, to: 2 },
      { from: 2, to: 3 },
      { from: 3, to: 6 },
    ]);
    expect(of(1)).toEqual([
      { from: 0, to: 0 },
      { from: 0, to: 0 },
      { from: 0, to: 1 },
    ]);
    expect(stepsOf(5, WHOLE)).toEqual({ from: 0, to: 5 });
  });
});

const cases = WORKS.flatMap((options) => Object.keys(MASKS).map((mask) => ({ options, mask })));

describe("work on activity", () => {
  it.each(cases)("is that of each entry, $options with $mask", ({ options, mask }) => {
    for (const activity of [noise(size, 1), Float32Array.from(noise(size, 2))]) {
      const weights = MASKS[mask as keyof typeof MASKS];
      const before = noise(size, 3);
      const steps = options.kind === "changes" ? shape.time - options.lag : shape.time;
      const work = {
        ...options,
        shape,
        activity,
        mask: weights?.subarray(0, (weights.length / shape.time) * steps),
      } as ActivityWork;
      const whole = { ...work, gradient: before.slice() };
      const sums = inOneGo(whole);
      const slow = slowly({ ...work, gradient: before });
      expectClose(sums, slow.sums);
      expectClose(whole.gradient, slow.gradient);
      // Parts touch their own steps, whose bits they have, in any order; sums are of all of them.
      const parts = { ...work, gradient: before.slice() };
      const apart = PARTS.toReversed().map((share) => workActivity(parts, share));
      expect(parts.gradient).toEqual(whole.gradient);
      expectClose(
        sums.map((_, k) => apart.reduce((sum, one) => sum + one[k], 0)),
        sums,
      );
      // What is not counted is not looked at.
      const hidden = activity.map((rate, k) => {
        const step = Math.floor(k / (shape.units * shape.batch));
        const m = weights?.[weights.length === size ? k : step * shape.batch + (k % shape.batch)];
        return m === 0 && options.kind !== "changes" ? Number.NaN : rate;
      });
      expect(inOneGo({ ...work, activity: hidden, gradient: before.slice() })).toEqual(sums);
    }
  });

  it("leaves gradients out that are not asked for", () => {
    for (const options of WORKS) {
      if (options.kind === "unit-slopes") continue;
      const work = { ...options, shape, activity: noise(size, 1) } as ActivityWork;
      expect(inOneGo(work)).toEqual(inOneGo({ ...work, gradient: new Float64Array(size) }));
    }
  });
});
