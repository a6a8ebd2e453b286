import { describe, expect, it } from "vitest";
import {
  ulpError as errorAgainst,
  exactOf,
  reference,
} from "../../../../core/elementary/testing/reference.ts";
import { SPECIAL_VALUES, samples } from "../../../../core/elementary/testing/samples.ts";
import * as core from "../../../../core/index.ts";
import { ModuleBuilder } from "../module-builder.ts";
import { ACCURACY_ULP, CONSTANTS_BYTES, type MathFunction, MathLibrary } from "./math-library.ts";
import { instantiateLibrary, MATH_FUNCTIONS } from "./testing/run-library.ts";

const { acos, asin, atan, cos, exp, expm1, exprel, log, log1p, pow, sigmoid, sin, tanh } = core;
const scalar: Record<MathFunction, (x: number, y: number) => number> = {
  acos,
  asin,
  atan,
  cos,
  exp,
  expm1,
  exprel,
  log,
  log1p,
  pow,
  sigmoid,
  sin,
  tanh,
};

const doubles = instantiateLibrary("f64", { constantsAddress: 16 });
const singles = instantiateLibrary("f32", { constantsAddress: 16 });
const variants = [
  ["f64", doubles, instantiateLibrary("f64")],
  ["f32", singles, instantiateLibrary("f32")],
] as const;

/** All pairs of special values, and all values for the functions of one argument. */
const specialPairs = SPECIAL_VALUES.flatMap((x) => SPECIAL_VALUES.map((y) => [x, y] as const));

function columns(pairs: readonly (readonly [number, number])[]): [x: number[], y: number[]] {
  return [pairs.map(([x]) => x), pairs.map(([, y]) => y)];
}

/** Every 32-bit pattern at a stride: all exponents, both signs, NaN and infinities among them. */
function singlePatterns(count: number): Float32Array {
  const stride = Math.floor(2 ** 32 / count);
  return new Float32Array(Uint32Array.from({ length: count }, (_, i) => i * stride + (i % stride)).buffer);
}

/** Equal bit for bit, except that any NaN equals another. */
function expectSame(got: readonly number[], wanted: readonly number[]): void {
  const at = wanted.findIndex((value, i) => !Object.is(value, got[i]));
  expect([at, got[at]]).toEqual([-1, undefined]);
  expect(got.length).toBe(wanted.length);
}

describe("double precision", () => {
  it.each(MATH_FUNCTIONS)("%s gives the bits of core's scalar function", (name) => {
    for (const pairs of [specialPairs, samples(name, 6000)]) {
      const [x, y] = columns(pairs);
      const wanted = x.map((argument, i) => scalar[name](argument, y[i]));
      expectSame(doubles(name, x, y), wanted);
    }
  });

  it("states the accuracy that core states, which is measured there", () => {
    for (const name of MATH_FUNCTIONS) expect(ACCURACY_ULP[name].f64).toBe(core.ELEMENTARY_ULP[name]);
  });
});

describe("single precision", () => {
  it.each(MATH_FUNCTIONS)("%s keeps within its stated error on patterns of the whole format", (name) => {
    const x = [
      ...singlePatterns(40_000),
      ...samples(name, 20_000).map(([argument]) => Math.fround(argument)),
    ];
    const y = x.map((_, i) => (i % 2 ? Math.fround(((i % 977) - 488) / 50) : (i % 9) - 4));
    const results = singles(name, x, y);
    let worst = { error: 0, at: [0, 0] };
    for (let i = 0; i < x.length; i++) {
      // Core's result is right to 2^-51, far below half a unit of single precision.
      const wanted = scalar[name](x[i], y[i]);
      const error = singleError(results[i], wanted);
      if (error > worst.error) worst = { error, at: [x[i], y[i]] };
    }
    expect(worst.error, `at ${worst.at}`).toBeLessThan(ACCURACY_ULP[name].f32);
    expect(worst.error).toBeGreaterThan(ACCURACY_ULP[name].f32 / 2);
  });

  it.each(MATH_FUNCTIONS)("%s agrees with the reference of many digits", (name) => {
    const pairs = samples(name, 1500)
      .map(([x, y]) => [Math.fround(x), Math.fround(y)] as const)
      .filter(
        ([x, y]) => Number.isFinite(scalar[name](x, y)) && scalar[name](x, y) !== 0 && Math.fround(x) !== 0,
      );
    const results = singles(name, ...columns(pairs));
    const errors = pairs.map(([x, y], i) => errorAgainst(results[i], reference(name, x, y), "f32"));
    expect(Math.max(...errors)).toBeLessThan(ACCURACY_ULP[name].f32);
  });

  it.each(MATH_FUNCTIONS)("%s treats special values as double precision does", (name) => {
    const [x, y] = columns(specialPairs.map(([a, b]) => [Math.fround(a), Math.fround(b)] as const));
    const results = singles(name, x, y);
    for (let i = 0; i < x.length; i++) {
      const wanted = scalar[name](x[i], y[i]);
      const close = singleError(results[i], wanted) < ACCURACY_ULP[name].f32;
      const right = wanted === 0 ? Object.is(results[i], wanted) : close;
      if (!right) expect.fail(`${name}(${x[i]}, ${y[i]}) is ${results[i]}, should be ${wanted}`);
    }
  });
});

/** |got − wanted| in units of the last place of the wanted single. */
function singleError(got: number, wanted: number): number {
  if (Number.isNaN(wanted) || Number.isNaN(got))
    return Number.isNaN(wanted) === Number.isNaN(got) ? 0 : Infinity;
  if (got === Math.fround(wanted)) {
    const rest = Math.abs(wanted - got);
    return Number.isFinite(rest) ? Math.min(0.5, rest / singleUnit(wanted)) : 0;
  }
  return errorAgainst(got, exactOf(Number.isFinite(wanted) ? wanted : Math.sign(wanted) * 2 ** 128), "f32");
}

function singleUnit(x: number): number {
  const size = Math.abs(x);
  let unit = 2 ** -149;
  while (unit * 2 ** 24 <= size) unit *= 2;
  return unit;
}

describe.each(variants)("%s", (precision, withTable, withImmediates) => {
  it.each(MATH_FUNCTIONS)("%s gives the same bits with and without a table of constants", (name) => {
    const [x, y] = columns([...specialPairs, ...samples(name, 2000)]);
    expectSame(withImmediates(name, x, y), withTable(name, x, y));
  });

  it.each(MATH_FUNCTIONS)("%s of a lane does not depend on the other lanes", (name) => {
    const [x, y] = columns(specialPairs);
    const together = withTable(name, x, y);
    const turned = withTable(name, [...x.slice(1), x[0]], [...y.slice(1), y[0]]);
    expectSame([...turned.slice(-1), ...turned.slice(0, -1)], together);
  });

  it("tanh, sin, atan and asin are odd, tanh never beyond 1", () => {
    const x = [...singlePatterns(8000)].filter((value) => !Number.isNaN(value));
    const opposite = x.map((value) => -value);
    for (const name of ["tanh", "sin", "atan", "asin"] as const) {
      const expected = withTable(name, x).map((value) => -value);
      expectSame(withTable(name, opposite), expected);
    }
    expect(Math.max(...withTable("tanh", x))).toBe(1);
  });

  it("tanh, sigmoid, exp and expm1 do not fall", () => {
    const x = Float32Array.from({ length: 100_001 }, (_, i) => (i - 50_000) / 1250);
    for (const name of ["tanh", "sigmoid", "exp", "expm1"] as const) {
      const results = withTable(name, x);
      const falls = results.filter((value, i) => i > 0 && !(value >= results[i - 1]));
      expect(falls, name).toEqual([]);
    }
  });

  it("adds a function once, and only what it needs", () => {
    const module = new ModuleBuilder();
    const library = new MathLibrary(module, precision);
    expect(library.require("exp")).toBe(library.require("exp"));
    expect(library.require("tanh").index).toBe(1);
    expect(library.require("sin").index).toBe(2);
  });

  it("keeps its constants within the room it asks for", () => {
    const module = new ModuleBuilder();
    const writes: number[] = [];
    module.data = (offset, bytes) => void writes.push(offset, offset + bytes.length);
    const library = new MathLibrary(module, precision, { constantsAddress: 4096 });
    for (const name of MATH_FUNCTIONS) library.require(name);
    expect(Math.min(...writes)).toBe(4096);
    expect(Math.max(...writes)).toBeLessThanOrEqual(4096 + CONSTANTS_BYTES);
  });
});

describe("MathLibrary", () => {
  it.each([8, -16, 0.5])("refuses the address %d for its constants", (constantsAddress) => {
    expect(() => new MathLibrary(new ModuleBuilder(), "f64", { constantsAddress })).toThrow(
      `MathLibrary: constantsAddress must be a multiple of 16 and not negative, got ${constantsAddress}`,
    );
  });
});
