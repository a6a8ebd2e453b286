import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { thinLine } from "./thin-line.ts";

const ramp = (n: number) => Array.from({ length: n }, (_, i) => i);
const unit = { x: 1, y: 1 };

describe("thinLine", () => {
  it("keeps the two ends of a straight line", () => {
    expect(thinLine(ramp(50), ramp(50), unit)).toEqual([0, 49]);
  });
  it("keeps the corner of a step", () => {
    expect(thinLine([0, 10, 20, 20, 30], [0, 0, 0, 50, 50], unit)).toEqual([0, 2, 3, 4]);
  });
  it("keeps gaps as gaps", () => {
    const kept = thinLine(ramp(9), [0, 0, 0, Number.NaN, Number.NaN, 5, 5, 5, 5], unit);
    expect(kept).toEqual([0, 2, 3, 4, 5, 8]);
  });
  it("keeps the extremes of noise a thousand times denser than pixels, in few points", () => {
    const n = 100_000;
    const y = ramp(n).map((i) => Math.sin(i * 12.9898) * 40);
    const kept = thinLine(ramp(n), y, { x: 100 / n, y: 1 });
    expect(kept.length).toBeLessThan(1000);
    expect(Math.max(...kept.map((i) => y[i]))).toBe(Math.max(...y));
    expect(Math.min(...kept.map((i) => y[i]))).toBe(Math.min(...y));
  });
  it("leaves no point of a smooth line further than a sixth of a pixel from the drawn one", () => {
    const wave = fc.record({
      a: fc.double({ min: 1, max: 90, noNaN: true }),
      f: fc.double({ min: 0.01, max: 0.3, noNaN: true }),
    });
    fc.assert(
      fc.property(wave, ({ a, f }) => {
        const x = ramp(300);
        const y = x.map((v) => a * Math.sin(f * v));
        const kept = thinLine(x, y, unit);
        for (let k = 1; k < kept.length; k++) {
          const [i, j] = [kept[k - 1], kept[k]];
          for (let m = i; m <= j; m++) {
            const dx = x[j] - x[i];
            const dy = y[j] - y[i];
            const off = Math.abs((x[m] - x[i]) * dy - (y[m] - y[i]) * dx) / Math.sqrt(dx * dx + dy * dy);
            expect(off).toBeLessThan(0.16);
          }
        }
      }),
    );
  });
  it("ends also where x stands still", () => {
    expect(thinLine([1, 1, 1], [0, 3, 1], unit)).toEqual([0, 1, 2]);
    expect(thinLine([], [], unit)).toEqual([]);
  });
});
