import { describe, expect, it } from "vitest";
import { createRng } from "../../../core/index.ts";
import { rateNetwork, spikingNetwork } from "../../../learning/index.ts";
import { trainingSchema } from "../../spec/training-schema.ts";
import { networkWords, UNIT_DEFAULTS, wiringWords } from "./network-words.ts";
import { trainingInputFixture } from "./training-input.fixture.ts";
import { trainingMethods } from "./training-methods.ts";

const parse = (network: object, more: object = {}) =>
  trainingSchema.parse({
    kind: "training",
    task: { name: "perceptual-decision" },
    network,
    updates: 1,
    ...more,
  });
const same = (_: string, value: string) => value;
const words = (network: object) => networkWords(parse(network), same);

describe("networkWords", () => {
  it("name constants the file leaves out, as the networks have them", () => {
    const options = { inputs: 1, units: 4, outputs: 1, rng: createRng(1) };
    const first = (net: ReturnType<typeof rateNetwork>, name: string) => {
      const value = net.network.populations.find((p) => p.name === "rec")?.parameters?.[name];
      return typeof value === "number" ? value : value?.[0];
    };
    expect(first(rateNetwork(options), "tau")).toBe(UNIT_DEFAULTS.rate.tau);
    for (const [name, value] of Object.entries(UNIT_DEFAULTS.spiking))
      expect(first(spikingNetwork(options), name === "drive" ? "bias" : name)).toBe(value);
    expect(words({ units: 4 })).toBe(
      "They had a time constant of 100 ms. Autapses were excluded. Weights could have either sign.",
    );
    expect(words({ units: 4, tau: { E: 80, I: 20 }, noise: 0.1 })).toContain(
      "a time constant of 80 ms for E, 20 ms for I and noise of standard deviation 0.1.",
    );
    expect(words({ model: "elman", units: 4 })).toBe(
      "Autapses were allowed. Weights could have either sign.",
    );
  });
  it("say which weights were read from which files", () => {
    const weights = {
      in: { path: "/data/start.npz", array: "W_in", mask: true },
      out: { path: "/data/out.csv", use: "mask" },
    };
    expect(words({ units: 4, weights })).toContain(
      "Input weights started at those of W_in of start.npz, 0 being no synapse. Readout synapses were where out.csv is not 0, weights being drawn.",
    );
    const masked = { out: { path: "a.safetensors", array: "weights:out", mask: "masks/out" } };
    expect(words({ units: 4, weights: masked })).toContain(
      "Readout weights started at those of weights:out of a.safetensors, synapses being those of masks/out.",
    );
    const swept = networkWords(parse({ weights: { in: { path: "a.npy" } } }), (path, value) =>
      path === "network.weights.in.path" ? "[varied]" : value,
    );
    expect(swept).toContain("Input weights started at those of [varied].");
  });
  it("tell areas apart, with their densities and shares of excitation", () => {
    const area = (name: string, more: object = {}) => ({ name, units: 40, excitatory: 0.8, ...more });
    const many = words({
      areas: {
        list: [area("V1"), area("PFC", { tau: 50 })],
        within: 0.5,
        between: { forward: { "E->E": 0.4, "E->I": 0.2 }, backward: 0.1 },
        pairs: { "PFC->V1": 0 },
      },
    });
    expect(many).toContain("80 % of the units of each area were excitatory, the others inhibitory, kept by");
    expect(many).toContain("Units lay in 2 areas (V1, 40; PFC, 40 with a time constant of 50 ms).");
    expect(many).toContain(
      "The density of synapses was 0.5 within areas, 0.4 (E → E) and 0.2 (E → I) from an area to later ones, 0.1 to earlier ones and 0 from PFC to V1.",
    );
    expect(words({ areas: { list: [area("V1"), area("PFC", { excitatory: 0.5 })] } })).toContain(
      "80 % of the units of V1, 50 % of the units of PFC were excitatory",
    );
    const one = words({ areas: { list: [area("all")], within: { E: 0.1, I: 0.5 } } });
    expect(one).toContain("80 % of the units were excitatory");
    expect(one).toContain("The density of synapses was 0.1 (from E) and 0.5 (from I).");
    expect(one).not.toContain("areas");
  });
});

describe("wiringWords", () => {
  it("say what was varied as a sentence", () => {
    const experiment = parse({ model: "elman" }, { connectome: { name: "celegans" } });
    expect(wiringWords(experiment, same)).toBe(
      "The connectome celegans gave the synapses, weights being drawn; topology: empirical.",
    );
    expect(wiringWords(experiment, () => "[varied]")).toContain("; its topology was varied.");
  });
});

describe("trainingMethods", () => {
  const methods = (network: object, more: object = {}) =>
    trainingMethods({ ...trainingInputFixture({}), experiment: parse(network, more) });
  it("say which loss it was and where recurrent weights started", () => {
    const input = trainingInputFixture({});
    expect(methods({}).text).toContain("The loss was the mean squared error of the outputs where the mask");
    expect(methods({}, { task: { name: "delayed-match-to-sample" } }).text).toContain(
      "the cross-entropy of softmax outputs with the right answer",
    );
    const runs = input.settings[0].runs.map((run) => ({
      ...run,
      metrics: { ...run.metrics, spectralRadiusInitial: 1.5000001 },
    }));
    expect(trainingMethods({ ...input, settings: [{ ...input.settings[0], runs }] }).text).toContain(
      "Recurrent weights started at a spectral radius of 1.5.",
    );
    expect(methods({}).text).not.toContain("spectral radius");
  });
  it("tell the stages of a curriculum", () => {
    const stages = (curriculum: object[]) => methods({}, { curriculum, updates: 900 }).text;
    expect(
      stages([
        { update: 0, conditions: { coherence: 51.2 } },
        { update: 400, conditions: "drawn" },
      ]),
    ).toContain("Conditions changed in 2 stages (coherence 51.2; from update 400: as the task draws them).");
    expect(
      stages([
        { until: { fractionCorrect: 0.9 }, conditions: [{ coherence: 51.2 }, { coherence: 25.6 }] },
        { update: 400, until: { loss: 0.1 }, conditions: "grid" },
        { conditions: "drawn" },
      ]),
    ).toContain(
      "3 stages (coherence 51.2 or coherence 25.6; from update 400 at the latest: all combinations in turn; as the task draws them).",
    );
  });
  it("cite the connectome, the kind of units and the surrogate", () => {
    const cited = methods({ model: "elman" }, { connectome: { name: "celegans" } }).references.join(" ");
    for (const work of ["Cook SJ", "Elman JL"]) expect(cited).toContain(work);
    const spiking = methods({ model: "spiking" }).references.join(" ");
    for (const work of ["Neftci EO", "Bellec G"]) expect(spiking).toContain(work);
    const areas = { list: [{ name: "a", units: 4, excitatory: 0.5 }] };
    expect(methods({ areas }, { task: { name: "n-back" } }).references.join(" ")).toContain("Song HF");
    expect(methods({}, { task: { name: "n-back" } }).references.join(" ")).not.toContain("Song HF");
  });
});
