import { describe, expect, it } from "vitest";
import { parsePath, pathText, valueAt, withValue } from "./path.ts";

describe("parsePath", () => {
  it("makes whole numbers indices and keeps what the sweep names whole", () => {
    expect(parsePath("transforms.0.density")).toEqual(["transforms", 0, "density"]);
    expect(parsePath("sweep.network.input.gain")).toEqual(["sweep", "network.input.gain"]);
    expect(pathText(parsePath("sweep.network.input.gain"))).toBe("sweep.network.input.gain");
  });
});

describe("withValue", () => {
  it("changes a copy", () => {
    const data = { a: { b: [1, 2] } };
    const changed = withValue(data, ["a", "b", 1], 9);
    expect(changed).toEqual({ ok: true, data: { a: { b: [1, 9] } } });
    expect(data).toEqual({ a: { b: [1, 2] } });
  });

  it("makes objects and lists on the way, and removes with undefined", () => {
    expect(withValue({}, ["a", 0, "b"], 1)).toEqual({ ok: true, data: { a: [{ b: 1 }] } });
    expect(withValue({ a: 1, b: 2 }, ["a"], undefined)).toEqual({ ok: true, data: { b: 2 } });
    expect(withValue([1, 2, 3], [1], undefined)).toEqual({ ok: true, data: [1, 3] });
  });

  it("says where a path is blocked", () => {
    expect(withValue({ a: { b: 1 } }, ["a", "b", "c"], 1)).toEqual({ ok: false, blocked: ["a", "b"] });
    expect(withValue({ a: [1] }, ["a", 2], 1)).toEqual({ ok: false, blocked: ["a"] });
  });

  it("does not touch prototypes", () => {
    const changed = withValue({}, ["__proto__", "polluted"], 1);
    expect(changed.ok && Object.hasOwn(changed.data as object, "__proto__")).toBe(true);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(valueAt({}, ["constructor"])).toBeUndefined();
  });
});
