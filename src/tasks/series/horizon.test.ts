import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sliceHorizons } from "./horizon.ts";

const golden = resolve(import.meta.dirname, "../../../../shared/data/golden/conn2res_ref.json");

describe("sliceHorizons", () => {
  const ramp = Array.from({ length: 12 }, (_, t) => t);

  it("starts after the window and drops H + 1 rows at the end", () => {
    const task = sliceHorizons(ramp, { horizons: [1, 3], window: 4 });
    expect([...task.input]).toEqual([4, 5, 6, 7]); // 12 − 4 − 3 − 1 rows
    expect([...task.target]).toEqual([5, 7, 6, 8, 7, 9, 8, 10]);
    expect(task).toMatchObject({ kind: "series", inputs: 1, outputs: 2, steps: 4 });
    expect(task.outputNames).toEqual(["horizon 1", "horizon 3"]);
  });

  it("reaches back into the window for negative horizons", () => {
    const task = sliceHorizons(ramp, { horizons: [-1, -4], window: 4 });
    expect([...task.input]).toEqual([4, 5, 6]);
    expect([...task.target]).toEqual([3, 0, 4, 1, 5, 2]);
    expect(task.outputNames).toEqual(["delay 1", "delay 4"]);
  });

  it("takes every column of a series as input and target, horizon by horizon", () => {
    const series = ramp.flatMap((t) => [t, 100 + t]);
    const task = sliceHorizons(series, { horizons: [-1, -2], window: 2, inputs: 2 });
    expect([...task.input.slice(0, 4)]).toEqual([2, 102, 3, 103]);
    expect([...task.target.slice(0, 8)]).toEqual([1, 101, 0, 100, 2, 102, 1, 101]);
    expect(task.outputNames).toEqual([
      "delay 1, input 0",
      "delay 1, input 1",
      "delay 2, input 0",
      "delay 2, input 1",
    ]);
    expect(task.horizons).toEqual([-1, -1, -2, -2]);
  });

  it("obeys target[t] = series[window + t + h] for any legal horizons", () => {
    const cases = fc.record({
      horizons: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 }),
      sign: fc.constantFrom(-1, 1),
      extra: fc.nat(4),
      inputs: fc.integer({ min: 1, max: 3 }),
      steps: fc.integer({ min: 1, max: 9 }),
    });
    fc.assert(
      fc.property(cases, ({ horizons, sign, extra, inputs, steps }) => {
        const signed = horizons.map((h) => sign * h);
        const reach = Math.max(...horizons);
        const window = reach + extra;
        const series = Array.from({ length: (steps + window + reach + 1) * inputs }, (_, k) => k);
        const task = sliceHorizons(series, { horizons: signed, window, inputs });
        expect(task.steps).toBe(steps);
        for (let t = 0; t < steps; t++)
          for (let k = 0; k < task.outputs; k++)
            expect(task.target[t * task.outputs + k]).toBe(
              (window + t + signed[Math.floor(k / inputs)]) * inputs + (k % inputs),
            );
      }),
    );
  });

  it.each([
    [
      { horizons: [1, -1] },
      "horizons must have one sign, got 1, -1. Use only positive ones (prediction) or only negative ones (memory).",
    ],
    [{ horizons: [0, 2] }, "horizons must have one sign, got 0, 2."],
    [{ horizons: [] }, "no horizon given. Give at least one, e.g. horizons: [1]."],
    [{ horizons: [1.5] }, "horizons must be whole numbers of steps, got 1.5"],
    [
      { horizons: -5, window: 4 },
      "window must be a whole number ≥ the largest horizon (5), got 4. Set window to 5 or more.",
    ],
    [
      { horizons: 5, window: 6 },
      "12 rows leave no step after window 6 and horizon 5. Give at least 13 rows.",
    ],
    [{ horizons: 1, window: 1, inputs: 5 }, "12 values do not hold whole rows of 5 inputs"],
  ])("refuses %j", (options, message) => {
    expect(() => sliceHorizons(ramp, options)).toThrow(`sliceHorizons: ${message}`);
  });

  describe.skipIf(!existsSync(golden))("beside conn2res", () => {
    const reference = existsSync(golden) ? JSON.parse(readFileSync(golden, "utf8")) : {};

    it("cuts its memory-capacity series into the same rows", () => {
      const { raw_uniform_series: raw, horizon_max, win, x, y } = reference.memory_capacity_task;
      const horizons = Array.from({ length: -horizon_max }, (_, k) => -1 - k);
      const task = sliceHorizons(raw, { horizons, window: win });
      expect([...task.input]).toEqual(x);
      expect([...task.target]).toEqual(y.flat());
    });

    it.each(Object.keys(reference.horizon_slicing_on_ramp ?? {}))(
      "cuts a ramp the same way for %s",
      (key) => {
        const { x, y } = reference.horizon_slicing_on_ramp[key];
        const [, h, win] = /^h=(.+),win=(\d+)$/.exec(key)!;
        const horizons: number[] = [JSON.parse(h)].flat();
        const window = Number(win);
        const rows = x.length + window + Math.max(...horizons.map(Math.abs)) + 1;
        const task = sliceHorizons(
          Array.from({ length: rows }, (_, t) => t),
          { horizons, window },
        );
        expect([...task.input]).toEqual(x);
        expect([...task.target]).toEqual(y.flat());
      },
    );
  });
});
