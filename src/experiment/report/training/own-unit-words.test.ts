import { describe, expect, it } from "vitest";
import { trainedNetworkSchema } from "../../spec/trained-network-schema.ts";
import { equationWords, valueWords } from "./own-unit-words.ts";

const wordsOf = (network: object, swept: readonly string[] = []) =>
  equationWords(trainedNetworkSchema.parse(network), (path, value) =>
    swept.includes(path) ? "[varied]" : value,
  );

describe("equationWords", () => {
  it("prints the equations, their values and what of them was trained", () => {
    const network = {
      model: "equations",
      equations:
        "# Adapts.\ntau * dx/dt = sum(in) + sum(rec) - a - c * x\n\ntauA * da/dt = b * r - a # slowly\nr = pos(x)\n",
      parameters: { tau: 50, tauA: { E: 300, I: 100 }, b: 0.5, c: [1, 2] },
      ...{ train: ["rec", "tauA", "b"], bounds: { tauA: [50, 2000] }, shared: ["b"] },
    };
    expect(wordsOf(network)).toMatchInlineSnapshot(
      `"Each unit obeyed tau * dx/dt = sum(in) + sum(rec) - a - c * x; tauA * da/dt = b * r - a; r = pos(x), with tau = 50; tauA = 300 for E, 100 for I; b = 0.5; c = 1 to 2, one for each unit. r was read out and sent to other units. Of the parameters, tauA within 50 … 2000, b (one value for all units) were trained."`,
    );
    expect(
      wordsOf({ ...network, train: ["tau"], read: "x", send: "r" }, ["network.parameters.b"]),
    ).toMatchInlineSnapshot(
      `"Each unit obeyed tau * dx/dt = sum(in) + sum(rec) - a - c * x; tauA * da/dt = b * r - a; r = pos(x), with tau = 50; tauA = 300 for E, 100 for I; b = [varied]; c = 1 to 2, one for each unit. x was read out, r was sent to other units. Of the parameters, tau was trained, one value for each unit."`,
    );
  });

  it("names a neuron of the library, and is silent about other models", () => {
    expect(
      wordsOf({ model: "equations", neuron: { activation: "tanh", leakRate: 0.5 } }),
    ).toMatchInlineSnapshot(
      `"Each unit obeyed r = (1 - leakRate) * r + leakRate * tanh((sum(rec) + sum(in) + bias)), with leakRate = 0.5; bias = 0 (leaky-echo-state (tanh)). r was read out and sent to other units."`,
    );
    expect(wordsOf({})).toBe("");
  });
});

describe("valueWords", () => {
  it("is a number, a range, or one for each kind", () => {
    expect(valueWords(50, " ms")).toBe("50 ms");
    expect(valueWords([20, 10, 30], " ms")).toBe("10 ms to 30 ms, one for each unit");
    expect(valueWords([2, 2])).toBe("2, one for each unit");
    expect(valueWords({ E: 100, I: 50 }, " ms")).toBe("100 ms for E, 50 ms for I");
  });
});
