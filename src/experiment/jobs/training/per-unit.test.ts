import { describe, expect, it } from "vitest";
import { createRng } from "../../../core/index.ts";
import type { RateNetwork } from "../../../learning/index.ts";
import { trainedNetworkSchema } from "../../spec/trained-network-schema.ts";
import { trainedTaskSchema } from "../../spec/trained-task-schema.ts";
import { buildTrainedNetwork } from "./build-network.ts";
import { buildTask } from "./build-task.ts";

const rng = createRng(5);

/** Steps of the task are 20 ms. */
function build(network: object): RateNetwork {
  const task = trainedTaskSchema.parse({ name: "perceptual-decision" });
  return buildTrainedNetwork(
    { network: trainedNetworkSchema.parse(network), wiring: undefined as never, task },
    { task: buildTask(task, rng), connectome: undefined, rng },
  ).rate;
}
const valuesOf = (rate: RateNetwork, name: string) =>
  Array.from(rate.network.populations[0].parameters[name] as Float64Array);
const areas = (tau?: number) => ({
  list: [
    { name: "V1", units: 3, excitatory: 0.67 },
    { name: "V2", units: 2, excitatory: 0.5, ...(tau && { tau }) },
  ],
  between: 1,
});

describe("values of units", () => {
  it.each(["rate", "spiking"])("are one for all, listed, or by kind of cell: tau of %s", (model) => {
    const of = (tau: unknown) => valuesOf(build({ model, units: 5, dale: 0.6, tau }), "tau");
    expect(of(40)).toEqual([40, 40, 40, 40, 40]);
    expect(of([10, 20, 30, 40, 50])).toEqual([10, 20, 30, 40, 50]);
    expect(of({ E: 100, I: 50 })).toEqual([100, 100, 100, 50, 50]);
  });

  it("are by area, or by kind of cell within areas, and an area's own time constant goes before", () => {
    const tau = { V1: 30, V2: 60 };
    expect(valuesOf(build({ areas: areas(), tau }), "tau")).toEqual([30, 30, 30, 60, 60]);
    expect(valuesOf(build({ areas: areas(), tau: { E: 80, I: 40 } }), "tau")).toEqual([80, 80, 40, 80, 40]);
    expect(valuesOf(build({ areas: areas(200), tau: { E: 80, I: 40 } }), "tau")).toEqual([
      80, 80, 40, 200, 200,
    ]);
  });

  it("are needed for each kind that has units", () => {
    expect(() => build({ units: 4, dale: 1, tau: { I: 50 } })).toThrow("network.tau has no value for E");
    expect(valuesOf(build({ units: 4, dale: 1, tau: { E: 50 } }), "tau")).toEqual([50, 50, 50, 50]);
    const one = { list: ["V1", "V2", "V3"].map((name) => ({ name, units: 2 })), between: 1 };
    expect(() => build({ areas: one, tau: { V2: 50 } })).toThrow("network.tau has no value for V1, V3");
  });

  it("are gains of rate networks", () => {
    expect(valuesOf(build({ units: 4, dale: 0.5, gain: { E: 1, I: 2 } }), "gain")).toEqual([1, 1, 2, 2]);
  });

  it("are how spiking units adapt, rest and are driven, each by unit, kind of cell or area", () => {
    const names = ["tauSynapse", "refractory", "adaptation", "tauAdaptation", "drive"];
    const parameter = (name: string) => (name === "drive" ? "bias" : name);
    const cells = { model: "spiking", units: 4, dale: 0.5 };
    for (const name of names) {
      const of = (value: unknown, network: object = cells) =>
        valuesOf(build({ ...network, [name]: value }), parameter(name));
      expect(of(7)).toEqual([7, 7, 7, 7]);
      expect(of([1, 2, 3, 4])).toEqual([1, 2, 3, 4]);
      expect(of({ E: 2, I: 5 })).toEqual([2, 2, 5, 5]);
      expect(of({ V1: 2, V2: 5 }, { model: "spiking", areas: areas() })).toEqual([2, 2, 2, 5, 5]);
      expect(() => of([1, 2])).toThrow(`network.${name} has 2 values for 4 units`);
      expect(() => of({ E: 1 })).toThrow(`network.${name} has no value for I`);
    }
    // All at once, as a script would have it.
    const all = build({
      ...cells,
      refractory: { E: 5, I: 0 },
      adaptation: { E: 0.2, I: 0 },
      drive: [0, 1, 2, 3],
    });
    expect(all.network.populations[0].parameters).toMatchObject({
      refractory: Float64Array.of(5, 5, 0, 0),
      adaptation: Float64Array.of(0.2, 0.2, 0, 0),
      bias: Float64Array.of(0, 1, 2, 3),
    });
  });

  it("are leaks of nn4n's network, or the time constants that make them: α = dt / τ", () => {
    const of = (network: object) => valuesOf(build({ model: "current", ...network }), "alpha");
    const cells = { units: 4, dale: 0.5 };
    expect(of(cells)).toEqual([0.1, 0.1, 0.1, 0.1]);
    expect(of({ ...cells, alpha: { E: 0.2, I: 0.5 } })).toEqual([0.2, 0.2, 0.5, 0.5]);
    expect(of({ ...cells, tau: { E: 100, I: 20 } })).toEqual([0.2, 0.2, 1, 1]);
    expect(of({ areas: areas(), alpha: { V1: 0.1, V2: 0.2 } })).toEqual([0.1, 0.1, 0.1, 0.2, 0.2]);
    expect(of({ areas: areas(80), tau: 50 })).toEqual([0.4, 0.4, 0.4, 0.25, 0.25]);
    // The other area keeps nn4n's α.
    expect(of({ areas: areas(80) })).toEqual([0.1, 0.1, 0.1, 0.25, 0.25]);
  });

  it("are parameters of equations", () => {
    const own = build({
      model: "equations",
      ...{ units: 4, dale: 0.5, train: ["rec", "b"], shared: ["b"], bounds: { b: [0, 1] } },
      equations: "tau * dx/dt = sum(in) + sum(rec) - b * a - x\ntauA * da/dt = c * x - a\nr = tanh(x)",
      parameters: { tau: 50, tauA: { E: 300, I: 100 }, b: 0.5, c: [1, 2, 3, 4] },
    });
    const { parameters, neuron } = own.network.populations[0];
    expect(parameters).toEqual({
      ...{ tau: 50, b: 0.5 },
      tauA: Float64Array.of(300, 300, 100, 100),
      c: Float64Array.of(1, 2, 3, 4),
    });
    expect(neuron.parameters).toEqual({ tau: 50, tauA: 0, b: 0.5, c: 0 });
    expect([own.trainable, own.bounds]).toEqual([["weights:rec", "rec.b"], { "rec.b": [0, 1] }]);
  });

  it("are parameters of a neuron of the library", () => {
    const own = build({
      model: "equations",
      ...{ units: 2, neuron: { activation: "elu", leakRate: 0.5 }, parameters: { alpha: [0.1, 0.9] } },
      train: ["rec", "leakRate"],
    });
    expect(own.network.populations[0].parameters).toEqual({
      ...{ leakRate: Float64Array.of(0.5, 0.5), bias: 0 },
      alpha: Float64Array.of(0.1, 0.9),
    });
  });
});
