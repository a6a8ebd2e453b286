import { describe, expect, it } from "vitest";
import { varyingFactors } from "./varying-factors.ts";

describe("varyingFactors", () => {
  it("has the factors that have more than one value, in the order of the file", () => {
    const cells = [0.01, 1e-7].flatMap((rate) =>
      ["adam", "sgd"].map((kind) => ({
        "optimiser.learningRate": rate,
        "task.length": 10,
        "optimiser.kind": kind,
      })),
    );
    const { heads, values } = varyingFactors(cells);
    expect(heads).toEqual(["learning rate", "optimiser"]);
    expect(cells.map(values)).toEqual([
      ["0.01", "adam"],
      ["0.01", "sgd"],
      ["10⁻⁷", "adam"],
      ["10⁻⁷", "sgd"],
    ]);
  });

  it("says what a factor is of where two have one name", () => {
    const cells = [1, 2].map((k) => ({ "network.noise": k, "task.noise": -k, "task.n": k }));
    expect(varyingFactors(cells).heads).toEqual(["network noise", "task noise", "n"]);
  });

  it("has none where nothing was swept", () => {
    const { heads, values } = varyingFactors([{}]);
    expect([heads, values({})]).toEqual([[], []]);
  });
});
