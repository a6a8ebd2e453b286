import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson, differences } from "./canonical.ts";

describe("canonicalJson", () => {
  it("does not see the order of keys, nor keys without a value", () => {
    expect(canonicalJson({ b: [1, { d: 1, c: undefined }], a: null })).toBe('{"a":null,"b":[1,{"d":1}]}');
  });

  it("is JSON of the same value", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      { seed: 1 },
    );
  });
});

describe("differences", () => {
  it("names every place that differs", () => {
    const before = { a: { b: 1, c: [1, 2] }, gone: 1 };
    const now = { a: { b: 2, c: [1, 3] }, fresh: { x: 1 } };
    expect(differences(before, now)).toEqual([
      { path: "a.b", before: 1, now: 2 },
      { path: "a.c.1", before: 2, now: 3 },
      { path: "gone", before: 1, now: undefined },
      { path: "fresh", before: undefined, now: { x: 1 } },
    ]);
    expect(differences(before, structuredClone(before))).toEqual([]);
  });
});
