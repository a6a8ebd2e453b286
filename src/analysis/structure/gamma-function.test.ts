import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { logGamma } from "../../core/index.ts";
import { normalCdf } from "../statistics/index.ts";
import { digamma, incompleteGamma, trigamma } from "./gamma-function.ts";

const positive = fc.double({ min: 0.01, max: 300, noNaN: true });
const close = (got: number, want: number, tolerance = 1e-12) =>
  expect(Math.abs(got - want)).toBeLessThan(tolerance * (1 + Math.abs(want)));

describe("logGamma", () => {
  it("is ln (n − 1)! at whole numbers and ln √π at ½", () => {
    let factorial = 1;
    for (let n = 1; n < 20; factorial *= n, n++) close(logGamma(n), Math.log(factorial), 1e-14);
    close(logGamma(0.5), 0.5 * Math.log(Math.PI), 1e-14);
  });
  it("obeys Γ(2x) = 2^(2x−1) Γ(x) Γ(x + ½) / √π", () => {
    fc.assert(
      fc.property(positive, (x) => {
        const right = (2 * x - 1) * Math.LN2 + logGamma(x) + logGamma(x + 0.5) - 0.5 * Math.log(Math.PI);
        close(logGamma(2 * x), right, 1e-13);
      }),
    );
  });
});

describe("digamma and trigamma", () => {
  it("are −γ and π²/6 at 1, and obey their recurrences", () => {
    close(digamma(1), -0.5772156649015329, 1e-14);
    close(trigamma(1), Math.PI ** 2 / 6, 1e-14);
    fc.assert(
      fc.property(positive, (x) => {
        close(digamma(x + 1), digamma(x) + 1 / x, 1e-11);
        close(trigamma(x + 1), trigamma(x) - 1 / (x * x), 1e-11);
      }),
    );
  });
  it("are the slopes of ln Γ", () => {
    for (const x of [0.3, 2, 9, 40]) {
      const h = 1e-4 * x;
      close((logGamma(x + h) - logGamma(x - h)) / (2 * h), digamma(x), 1e-7);
      close((digamma(x + h) - digamma(x - h)) / (2 * h), trigamma(x), 1e-7);
    }
  });
});

describe("incompleteGamma", () => {
  it("is 1 − e^(−x) for shape 1 and 2Φ(√2x) − 1 for shape ½, with digits in both tails", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 60, noNaN: true }), (x) => {
        close(incompleteGamma(1, x).lower, -Math.expm1(-x));
        expect(Math.abs(incompleteGamma(1, x).upper / Math.exp(-x) - 1)).toBeLessThan(1e-12);
        const tail = 2 * normalCdf(-Math.sqrt(2 * x));
        if (x > 2) expect(Math.abs(incompleteGamma(0.5, x).upper / tail - 1)).toBeLessThan(1e-11);
        else close(incompleteGamma(0.5, x).lower, 1 - tail);
      }),
    );
  });
  it("obeys P(a + 1, x) = P(a, x) − xᵃ e⁻ˣ / Γ(a + 1)", () => {
    fc.assert(
      fc.property(positive, positive, (a, x) => {
        const step = Math.exp(a * Math.log(x) - x - logGamma(a + 1));
        close(incompleteGamma(a + 1, x).lower, incompleteGamma(a, x).lower - step, 1e-11);
      }),
    );
  });
  it("keeps the logarithm of a tail that underflows", () => {
    close(incompleteGamma(1, 5000).logUpper, -5000);
    close(incompleteGamma(2, 5000).logUpper, -5000 + Math.log(5001));
    for (const x of [0.1, 3, 20])
      close(incompleteGamma(4, x).logUpper, Math.log(incompleteGamma(4, x).upper));
  });
  it("runs from 0 to 1", () => {
    expect(incompleteGamma(2, 0)).toEqual({ lower: 0, upper: 1, logUpper: 0 });
    expect(incompleteGamma(2, Number.POSITIVE_INFINITY)).toMatchObject({ lower: 1, upper: 0 });
  });
});
