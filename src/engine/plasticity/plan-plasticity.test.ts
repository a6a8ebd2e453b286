import { describe, expect, it } from "vitest";
import { dense, type Matrix } from "../../core/index.ts";
import {
  input,
  network,
  neuron,
  type PlasticityRule,
  population,
  projection,
  structuralPlasticity,
  synapse,
  synapticRule,
} from "../../model/index.ts";
import { resolveOptions } from "../options.ts";
import { planRun } from "../plan.ts";
import { simulate } from "../simulation.ts";
import type { PlasticWeights } from "./plan-plasticity.ts";

const unit = neuron({ equations: "x = sum(exc) > 0\nm = mean(x) : population" });

function made(
  plasticity: PlasticityRule[],
  {
    weights = dense(3, 3, [0, 1, 1, 0, 0, 0, 1, 0, 0]) as Matrix,
    incomingCapacity = undefined as number | undefined,
  } = {},
) {
  const capacity = incomingCapacity === undefined ? {} : { incomingCapacity };
  return network({
    populations: [population("p", { size: weights.rows, neuron: unit })],
    inputs: [input("u", 2)],
    projections: [
      projection("p", "p", { weights, variable: "x", plasticity, ...capacity }),
      projection("u", "p", { weights: dense(weights.rows, 2) }),
    ],
  });
}

const hebb = (equations: string, parameters = {}) => synapticRule("hebb", synapse({ equations, parameters }));

function layoutOf(...args: Parameters<typeof made>) {
  const plan = planRun(made(...args), resolveOptions({}));
  return (plan.projections[0].weights as PlasticWeights).layout;
}

describe("planPlasticity", () => {
  it("gives units no more room than they need when nothing is born", () => {
    const { inCapacity, outCapacity, arrays } = layoutOf([hebb("w += pre.x")]);
    expect([inCapacity, outCapacity, arrays]).toEqual([4, 1, 1]);
  });

  it("gives small networks room for all pairs, large ones for four times the start and 64 more", () => {
    const sp = structuralPlasticity("sp", { births: 1 });
    const small = layoutOf([sp], { weights: dense(9, 9) });
    expect([small.inCapacity, small.outCapacity]).toEqual([12, 9]);
    const weights = { kind: "sparse", rows: 2200, columns: 2200 } as const;
    const rowStart = new Int32Array(2201).fill(3, 1);
    const column = Int32Array.of(0, 1, 2);
    const large = layoutOf([sp], {
      weights: { ...weights, rowStart, column, values: Float64Array.of(1, 1, 1) },
    });
    expect([large.inCapacity, large.outCapacity]).toEqual([4 * 3 + 64, 4 + 64]);
  });

  it("takes the room that is asked for, up to all pairs", () => {
    const sp = structuralPlasticity("sp", { births: 1 });
    expect(layoutOf([sp], { weights: dense(30, 30), incomingCapacity: 5 }).inCapacity).toBe(8);
    expect(layoutOf([sp], { weights: dense(30, 30), incomingCapacity: 99 }).inCapacity).toBe(32);
  });

  it("keeps one array for each trace", () => {
    const two = synapticRule(
      "two",
      synapse({ equations: "a = a + pre.x : init=2\nb = b - a : init=k\nw += b", parameters: { k: 7 } }),
    );
    const plan = planRun(made([hebb("c = c + pre.x\nw += c"), two]), resolveOptions({}));
    const { layout, initial } = plan.projections[0].weights as PlasticWeights;
    expect([layout.arrays, initial]).toEqual([4, [0, 2, 7]]);
  });

  it.each<[PlasticityRule[], { incomingCapacity?: number }, string, string[]]>([
    [
      [hebb("w += pre.y")],
      {},
      "unknown-variable",
      ['"p" has no variable "y" of its units', "w += pre.y\n       ^^^^^", "Known here: x."],
    ],
    [[hebb("w += post.xx")], {}, "unknown-variable", ['has no variable "xx"', 'Did you mean "x"?']],
    [[hebb("w += post.m")], {}, "unknown-variable", ['"p" has no variable "m" of its units']],
    [[hebb("v += pre.x")], {}, "no-weight-update", ['the equations never change the weight "w"']],
    [
      [structuralPlasticity("sp", { births: 1 })],
      { incomingCapacity: 1 },
      "synapse-capacity",
      [
        "projection p->p: incomingCapacity is 1, but a unit starts with 2 synapses",
        "Give a whole number from 2 to 3, or leave it out.",
      ],
    ],
  ])("refuses what cannot be, %#", (plasticity, options, code, texts) => {
    const call = () => simulate(made(plasticity, options));
    for (const text of texts) {
      expect(call).toThrow(expect.objectContaining({ code, message: expect.stringContaining(text) }));
    }
  });

  it("refuses a fraction as room, and names the projection", () => {
    expect(() => simulate(made([hebb("w += pre.x")], { incomingCapacity: 2.5 }))).toThrow(
      "incomingCapacity is 2.5, but a unit starts with 2 synapses",
    );
  });

  it("reads r of an input, and nothing else", () => {
    const plastic = (equations: string) => () =>
      simulate(
        network({
          populations: [population("p", { size: 1, neuron: unit })],
          inputs: [input("u", 1)],
          projections: [projection("u", "p", { weights: dense(1, 1, [1]), plasticity: [hebb(equations)] })],
        }),
      );
    expect(plastic("w += pre.r")).not.toThrow();
    expect(plastic("w += pre.x")).toThrow('"u" has no variable "x" of its units');
  });

  it("refuses a run that does not fit in memory", () => {
    const weights = { kind: "sparse", rows: 4000, columns: 4000 } as const;
    const rows = { rowStart: new Int32Array(4001), column: new Int32Array(0), values: new Float64Array(0) };
    const sp = structuralPlasticity("sp", { births: 1 });
    const net = made([sp], { weights: { ...weights, ...rows }, incomingCapacity: 4000 });
    expect(() => simulate(net, { instances: 9 })).toThrow(expect.objectContaining({ code: "too-large" }));
  });
});
