import { describe, expect, it } from "vitest";
import { dense } from "../core/index.ts";
import {
  input,
  network,
  neuron,
  normalisation,
  population,
  projection,
  structuralPlasticity,
  synapse,
  synapticRule,
} from "./index.ts";

describe("rules as data", () => {
  it("hold what they were given, with defaults", () => {
    const hebb = synapse({ equations: "w += pre.r" });
    expect(hebb).toEqual({ kind: "synapse", name: "synapse", parameters: {}, equations: "w += pre.r" });
    expect(synapticRule("hebb", hebb)).toEqual({ kind: "synaptic", name: "hebb", synapse: hebb });
    expect(normalisation("sn")).toEqual({
      kind: "normalisation",
      name: "sn",
      over: "incoming",
      total: 1,
      rate: 1,
    });
    expect(structuralPlasticity("sp", { births: 0.1 })).toEqual({
      kind: "structural",
      name: "sp",
      births: 0.1,
      weight: 0.001,
      autapses: false,
    });
  });

  it("do not change with the object they were made from", () => {
    const parameters = { eta: 1 };
    const made = synapse({ equations: "w += eta", parameters });
    parameters.eta = 2;
    expect(made.parameters.eta).toBe(1);
  });
});

const unit = neuron({ equations: "r = sum(exc)" });
const plastic = (plasticity: Parameters<typeof projection>[2]["plasticity"], more = {}) =>
  projection("p", "p", { weights: dense(1, 1, [1]), ...(plasticity ? { plasticity } : {}), ...more });

describe("bad rules", () => {
  it.each([
    [() => normalisation("sn", { total: 0 }), "bad-rule", 'normalisation "sn": total must be above 0, got 0'],
    [() => normalisation("sn", { total: Infinity }), "bad-rule", "total must be above 0, got Infinity"],
    [() => normalisation("sn", { rate: 0 }), "bad-rule", "rate must be above 0 and at most 1, got 0"],
    [() => normalisation("sn", { rate: 1.1 }), "bad-rule", "rate must be above 0 and at most 1, got 1.1"],
    [
      () => normalisation("sn", { rate: Number.NaN }),
      "bad-rule",
      "rate must be above 0 and at most 1, got NaN",
    ],
    [
      () => normalisation("sn", { over: "incomming" as "incoming" }),
      "bad-rule",
      'over must be incoming, outgoing or both, got "incomming"',
    ],
    [
      () => structuralPlasticity("sp", { births: -1 }),
      "bad-rule",
      'structural plasticity "sp": births must be ≥ 0, got -1',
    ],
    [() => structuralPlasticity("sp", { births: Infinity }), "bad-rule", "births must be ≥ 0, got Infinity"],
    [
      () => structuralPlasticity("sp", { births: 1, weight: 0 }),
      "bad-rule",
      "weight must be finite and not 0, got 0",
    ],
    [
      () => structuralPlasticity("sp", { births: 1, weight: Number.NaN }),
      "bad-rule",
      "weight must be finite and not 0, got NaN",
    ],
    [() => normalisation("a.b"), "bad-name", 'plasticity: "a.b" is no name for a rule'],
    [() => synapticRule("", synapse({ equations: "w += 1" })), "bad-name", '"" is no name for a rule'],
    [
      () => structuralPlasticity("1", { births: 1 }),
      "bad-name",
      "Use letters, digits and _, starting with a letter.",
    ],
    [
      () => plastic([normalisation("sn"), structuralPlasticity("sn", { births: 1 })]),
      "duplicate-name",
      'projection p → p: two rules are called "sn". Give every rule of a projection its own name.',
    ],
    [
      () => plastic([], { sameStep: true, delay: 2 }),
      "bad-delay",
      "a sum of the same step has no delay, got 2 ms. Leave out delay, or sameStep.",
    ],
    [
      () =>
        network({
          populations: [population("p", { size: 1, neuron: unit })],
          inputs: [input("u", 1)],
          projections: [plastic([normalisation("sn")]), plastic([])],
        }),
      "duplicate-name",
      'two projections are called "p->p". Give the plastic one a name of its own',
    ],
  ])("are refused, %#", (call, code, text) => {
    expect(call).toThrow(expect.objectContaining({ code, message: expect.stringContaining(text) }));
  });

  it("are no names shared by projections that do not learn", () => {
    const populations = [population("p", { size: 1, neuron: unit })];
    expect(() => network({ populations, projections: [plastic([]), plastic([])] })).not.toThrow();
    const own = { name: "own" };
    expect(() =>
      network({ populations, projections: [plastic([normalisation("sn")], own), plastic([])] }),
    ).not.toThrow();
  });
});
