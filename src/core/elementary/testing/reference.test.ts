import { describe, expect, it } from "vitest";
import { type Exact, exactOf, type ReferenceFunction, reference, ulpError } from "./reference.ts";
import { samples } from "./samples.ts";

/** The first 60 decimal digits of a number between −10 and 10. */
function digits({ numerator, bits }: Exact): string {
  const scaled = (numerator * 10n ** 60n) >> BigInt(bits);
  return scaled.toString();
}

describe("reference", () => {
  // Digits from the OEIS.
  it.each<[ReferenceFunction, number, number, string]>([
    ["exp", 1, 0, "2718281828459045235360287471352662497757247093699959574966967"],
    ["log", 2, 0, "693147180559945309417232121458176568075500134360255254120680"],
    ["log", 10, 0, "2302585092994045684017991454684364207601101488628772976033327"],
    ["sin", 1, 0, "841470984807896506652502321630298999622563060798371065672751"],
    ["cos", 1, 0, "540302305868139717400936607442976603732310420617922227670097"],
    ["tanh", 1, 0, "761594155955764888119458282604793590412768597257936551596810"],
    ["atan", 2, 0, "1107148717794090503017065460178537040070047645401432646676539"],
    ["acos", -1, 0, "3141592653589793238462643383279502884197169399375105820974944"],
    ["asin", 0.5, 0, "523598775598298873077107230546583814032861566562517636829157"],
    ["pow", 2, 0.5, "1414213562373095048801688724209698078569671875376948073176679"],
    ["expm1", 1, 0, "1718281828459045235360287471352662497757247093699959574966967"],
    ["log1p", 1, 0, "693147180559945309417232121458176568075500134360255254120680"],
  ])("%s(%d, %d) has the published digits", (name, x, y, published) => {
    expect(digits(reference(name, x, y)).slice(0, 58)).toBe(published.slice(0, 58));
  });

  it.each<ReferenceFunction>([
    "exp",
    "expm1",
    "log",
    "log1p",
    "sin",
    "cos",
    "tanh",
    "atan",
    "asin",
    "acos",
    "pow",
  ])("%s is close to the engine's own, which is right to a few units", (name) => {
    const own = (Math as unknown as Record<string, (x: number, y: number) => number>)[name];
    for (const [x, y] of samples(name, 300)) {
      expect(ulpError(own(x, y), reference(name, x, y)), `${name}(${x}, ${y})`).toBeLessThan(4);
    }
  });
});

describe("ulpError", () => {
  it("counts units of the last place of the exact value, in both formats and for subnormal numbers", () => {
    const third = { numerator: (1n << 200n) / 3n, bits: 200 };
    expect(ulpError(1 / 3, third)).toBeLessThan(0.5);
    expect(ulpError(1 / 3 + 2 ** -54, third)).toBeCloseTo(1 - ulpError(1 / 3, third), 5);
    expect(ulpError(Math.fround(1 / 3), third, "f32")).toBeLessThan(0.5);
    expect(ulpError(5e-324, exactOf(1.5e-323))).toBe(2);
    expect(ulpError(Number.POSITIVE_INFINITY, exactOf(1.7976931348623157e308))).toBe(1);
    expect(ulpError(Number.NaN, third)).toBe(Number.POSITIVE_INFINITY);
  });
});
