import { describe, expect, it } from "vitest";
import { nearest, suggest } from "./nearest.ts";

describe("nearest", () => {
  it.each([
    ["tahn", ["sin", "tan", "tanh", "exp"], "tanh"],
    ["gian", ["nodes", "gain", "weights"], "gain"],
    ["TAU", ["tau"], "tau"],
    ["leek", ["leakRate", "leak"], "leak"],
    ["spectralradius", ["spectralRadius", "radius"], "spectralRadius"],
    ["xyz", ["tau", "gain"], undefined],
    ["x", [], undefined],
  ])("of %s", (name, known, expected) => {
    expect(nearest(name, known)).toBe(expected);
  });

  it("takes a swap of neighbours for one mistake, and the first of equals", () => {
    expect(nearest("ab", ["ba", "aa"])).toBe("ba");
    expect(nearest("cat", ["bat", "hat"])).toBe("bat");
  });
});

describe("suggest", () => {
  it("names the nearest and all that are legal", () => {
    expect(suggest("gian", ["gain", "bias"])).toBe('Did you mean "gain"? Known here: gain, bias.');
    expect(suggest("foo", ["gain"])).toBe("Known here: gain.");
    expect(suggest("foo", [])).toBe("Nothing is defined here.");
  });
});
