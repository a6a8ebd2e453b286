import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decade,
  formatCount,
  formatEstimate,
  formatExact,
  formatFixed,
  formatNumber,
  formatPowerOfTen,
  formatSigned,
} from "./number-format.ts";

describe("formatNumber", () => {
  it.each([
    [12.345, "12.3"],
    [0.048, "0.0480"],
    [-2.5, "−2.50"],
    [0, "0"],
    [9.999, "10.0"],
    [99999, "1.00×10⁵"],
    [12345, "12345"],
    [1.5e-9, "1.50×10⁻⁹"],
    [-3e12, "−3.00×10¹²"],
    [Number.NaN, "–"],
    [Number.NEGATIVE_INFINITY, "−∞"],
  ])("writes %f as %s", (value, text) => expect(formatNumber(value)).toBe(text));

  it("keeps three digits: what it writes is within half a unit of the third", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 9e4, noNaN: true }), (v) => {
        expect(Math.abs(Number(formatNumber(v)) - v)).toBeLessThanOrEqual(0.00501 * v);
      }),
    );
  });
});

describe("formatEstimate", () => {
  it.each([
    [4.5612, 0.4512, "4.56 ± 0.45"],
    [3.76e-16, 0.49, "0.00 ± 0.49"],
    [-0.0004, 0.0999, "0.00 ± 0.10"],
    [0.000151, 9.2e-6, "(1.510 ± 0.092)×10⁻⁴"],
    [8.33e-5, 1.53e-5, "(8.3 ± 1.5)×10⁻⁵"],
    [-2.5e7, 3e6, "(−2.50 ± 0.30)×10⁷"],
    [1234.5, 120, "1235 ± 120"],
    [1.5, 3e-9, "1.50 ± 3.0×10⁻⁹"],
    [1.5, Number.NaN, "1.50"],
    [1.5, 0, "1.50"],
  ])("writes %f with an error of %f as %s", (value, error, text) =>
    expect(formatEstimate(value, error)).toBe(text),
  );
});

describe("other formats", () => {
  it("signs, counts, powers, fixed decimals", () => {
    expect([formatSigned(2.25), formatSigned(-2.25), formatSigned(0)]).toEqual(["+2.25", "−2.25", "0"]);
    expect([formatCount(2462), formatCount(16954), formatCount(1234567)]).toEqual([
      "2462",
      "16\u202f954",
      "1\u202f234\u202f567",
    ]);
    expect([formatPowerOfTen(0), formatPowerOfTen(-12)]).toEqual(["10⁰", "10⁻¹²"]);
    expect([formatFixed(-0.001, 1), formatFixed(2, 2), formatFixed(Number.NaN, 2)]).toEqual([
      "0.0",
      "2.00",
      "–",
    ]);
  });
  it("writes swept values without the dust of floating point", () => {
    expect([0.1 + 0.2, 1, 1e-9, 1.5e-9, "tanh"].map(formatExact)).toEqual([
      "0.3",
      "1",
      "10⁻⁹",
      "1.5×10⁻⁹",
      "tanh",
    ]);
  });
  it("finds the decade of a number, also at its edges", () => {
    for (let k = -12; k <= 12; k++) {
      expect(decade(Number(`1e${k}`))).toBe(k);
      expect(decade(Number(`9.999999e${k}`))).toBe(k);
    }
  });
});
