import { describe, expect, it } from "vitest";
import { CajalError } from "../../core/index.ts";
import { issuesOf } from "./issue.ts";
import { parseExperiment } from "./parse-experiment.ts";
import { resolveExperiment, resolveTrainingExperiment } from "./resolve-experiment.ts";

const WORM = `name: worm
connectome: { name: celegans }
nullModels:
  - { kind: rewired, count: 20 }
network:
  spectralRadius: 0.9
  neuron: { kind: leaky-echo-state, activation: tanh }
  input:
    nodes: { random: 28 }
task: { kind: memory-capacity, steps: 4000 }
sweep:
  network.spectralRadius: { linspace: [0.1, 2, 20] }
`;

const resolved = (text: string, set: string[] = []) =>
  resolveExperiment(parseExperiment(text, { file: "experiment.yaml", set }), {
    folder: "/data",
    workingFolder: "/shell",
  });

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof CajalError) return error.message;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("resolveExperiment", () => {
  it("fills in every default", () => {
    expect(resolved("connectome: { name: celegans }\ntask: { kind: memory-capacity }").experiment).toEqual({
      name: "experiment",
      seed: 1,
      repeat: 1,
      connectome: { name: "celegans", synapses: "both" },
      transforms: [],
      nullModels: [],
      network: {
        neuron: { kind: "leaky-echo-state", activation: "tanh", leakRate: 1 },
        input: { nodes: "all", gain: 1, weights: "uniform" },
        output: { nodes: "all" },
        bias: 0,
        noise: 0,
      },
      task: { kind: "memory-capacity", steps: 4000, maxDelay: 40, washout: 200 },
      readout: { kind: "ridge", lambda: "gcv", trainFraction: 0.7 },
      sweep: {},
    });
  });

  it.each([
    ["updates: 1e300", "updates must be ≤ 100000000, got 1e+300"],
    ["updates: -1e300", "updates must be ≥ 1, got -1e+300"],
    ["updates: 1e9", "updates must be ≤ 100000000, got 1000000000"],
    ["seed: 1e300", "seed must be ≤ 9007199254740991, got 1e+300"],
    ["gradient: { window: 1e300 }", "gradient.window must be ≤ 9007199254740991, got 1e+300"],
    ["validation: { trials: 1e300 }", "validation.trials must be ≤ 9007199254740991, got 1e+300"],
    ["sweep: { updates: [5, 1e300] }", "updates must be ≤ 100000000, got 1e+300"],
  ])("complains once of %s", (line, what) => {
    const text = `kind: training\ntask: { name: perceptual-decision }\n${line}\n`;
    const source = parseExperiment(text, { file: "experiment.yaml" });
    const message = messageOf(() => resolveTrainingExperiment(source, { folder: "/data" }));
    expect(message).toContain(what);
    expect(message.match(/^error/gm)).toHaveLength(1);
  });

  it("takes one name for a list of one", () => {
    const { experiment } = resolved(WORM.replace("{ random: 28 }", "{ labels: AVAL }"));
    expect(experiment.network.input.nodes).toEqual({ labels: ["AVAL"] });
  });

  it("makes file names absolute: those of the file from its folder, those of --set from the shell's", () => {
    const text = WORM.replace("{ name: celegans }", "{ path: a.npy, labels: b.lst }");
    expect(resolved(text).experiment.connectome).toMatchObject({
      path: "/data/a.npy",
      labels: "/data/b.lst",
    });
    expect(resolved(text, ["connectome.path=c.npy"]).experiment.connectome).toMatchObject({
      path: "/shell/c.npy",
      labels: "/data/b.lst",
    });
    expect(resolved(text, ["sweep.connectome.path=[c.npy, /d.npy]"]).factors[1].values).toEqual([
      "c.npy",
      "/d.npy",
    ]);
    expect(resolved(text, ["sweep.connectome.path=[c.npy, /d.npy]"]).cell([0, 0]).connectome).toMatchObject({
      path: "/shell/c.npy",
    });
  });

  it("gives each cell its values and leaves the sweep in place", () => {
    const r = resolved(WORM, ["sweep.network.neuron.activation=[tanh, relu]"]);
    const cell = r.cell([19, 1]);
    expect(cell.network.spectralRadius).toBe(2);
    expect(cell.network.neuron).toMatchObject({ activation: "relu" });
    expect(cell.sweep).toEqual(r.experiment.sweep);
  });

  it("lets the sweep supply a required key", () => {
    const text = "task: { kind: memory-capacity }\nsweep: { connectome.name: [celegans, celegans-varshney] }";
    expect(resolved(text).cell([1]).connectome).toMatchObject({ name: "celegans-varshney" });
  });
});

describe("--set", () => {
  it("replaces the other form of a choice", () => {
    expect(resolved(WORM, ["connectome.path=/x.npy"]).experiment.connectome).toEqual({
      path: "/x.npy",
      orientation: "pre-post",
      diagonal: "keep",
    });
    const equations = resolved(WORM, ["network.neuron.equations=r = tanh(sum(in))"]).experiment.network
      .neuron;
    expect(equations).toMatchObject({ kind: "equations", equations: "r = tanh(sum(in))" });
    const nodes = resolved(WORM, ["network.input.nodes=all", "network.input.nodes.random=3"]);
    expect(nodes.experiment.network.input.nodes).toEqual({ random: 3 });
  });

  it("removes a key with an empty value, and edits a line of the sweep", () => {
    expect(resolved(WORM, ["sweep.network.spectralRadius="]).factors).toEqual([]);
    expect(resolved(WORM, ["sweep.network.spectralRadius=[0.5, 1]"]).factors[0].values).toEqual([0.5, 1]);
  });
});

describe("messages", () => {
  const cases: [what: string, from: string, to: string, code: string][] = [
    ["a misspelt key", "  spectralRadius: 0.9", "  spectralRaduis: 0.9", "unknown-key"],
    ["a misspelt name", "tanh", "tan", "unknown-name"],
    ["a wrong type", "random: 28", "random: twenty", "wrong-type"],
    ["a number in quotes", "steps: 4000", 'steps: "4000"', "wrong-type"],
    ["a decimal comma", "spectralRadius: 0.9", 'spectralRadius: "0,9"', "wrong-type"],
    ["an empty value", "{ random: 28 }", "", "empty-value"],
    ["a value out of range", "count: 20", "count: 0", "out-of-range"],
    ["a missing key", "connectome: { name: celegans }\n", "", "missing-key"],
    ["a misspelt kind", "kind: rewired", "kind: rewird", "unknown-name"],
    ["a missing kind", "kind: memory-capacity, ", "", "missing-key"],
    ["a key of another form", "activation: tanh", "activation: tanh, equations: x", "unknown-key"],
    [
      "two neurons",
      "kind: leaky-echo-state, activation: tanh",
      "activation: tanh, equations: x",
      "exclusive-keys",
    ],
    ["two connectomes", "name: celegans }", "name: celegans, path: w.npy }", "exclusive-keys"],
    ["two choices of nodes", "{ random: 28 }", "{ random: 28, labels: [AVAL] }", "exclusive-keys"],
    ["a key of another kind", "kind: rewired", "kind: rewired, max: 2", "unknown-key"],
    ["a misspelt selector", "{ random: 28 }", "{ not: { label: AVAL } }", "unknown-key"],
    ["a misspelt word for nodes", "{ random: 28 }", "alll", "wrong-type"],
    ["a name that is no folder", "name: worm", "name: worm/1", "bad-name"],
    ["an empty sweep", "{ linspace: [0.1, 2, 20] }", "[]", "empty-sweep"],
    ["half a range", "[0.1, 2, 20]", "[0.1, 2]", "wrong-length"],
    [
      "a misspelt path of the sweep",
      "network.spectralRadius: {",
      "network.spectralRaduis: {",
      "unknown-path",
    ],
    ["half a path", "network.spectralRadius: {", "spectralRadius: {", "unknown-path"],
    ["a text among numbers", "{ linspace: [0.1, 2, 20] }", "[0.1, x]", "wrong-type"],
    ["a value twice", "{ linspace: [0.1, 2, 20] }", "[0.1, 0.2, 0.1]", "repeated-value"],
    ["a sweep of the seed", "network.spectralRadius: {", "seed: {", "unsweepable"],
    [
      "a grid without end",
      "[0.1, 2, 20] }",
      "[0.1, 2, 99999] }\n  network.bias: [0, 1, 2]",
      "too-many-cells",
    ],
    ["broken YAML", "{ random: 28 }", "{ random: 28", "bad-yaml"],
    ["a key twice", "name: worm", "name: worm\nname: worm", "bad-yaml"],
  ];
  it.each(cases)("%s", (_, from, to, code) => {
    expect(WORM).toContain(from);
    const work = () => resolved(WORM.replace(from, to));
    expect(messageOf(work)).toMatchSnapshot();
    try {
      work();
    } catch (error) {
      expect((error as CajalError).code).toBe(code);
    }
  });

  const sets: [set: string, code: string][] = [
    ["network.input.gian=2", "unknown-path"],
    ["network.input.gain=abc", "wrong-type"],
    ["network.input.gain", "bad-set"],
    ["network.input.gain=[1", "bad-set"],
    ["network.spectralRadius=0.9", "swept-path"],
    ["transforms.1.density=0.3", "unknown-path"],
    ["task.steps.x=1", "unknown-path"],
    ["sweep.task.steps=[100, x]", "wrong-type"],
  ];
  it.each(sets)("--set %s", (set, code) => {
    const work = () => resolved(WORM, [set]);
    expect(messageOf(work)).toMatchSnapshot();
    try {
      work();
    } catch (error) {
      expect(issuesOf(error)?.[0].code).toBe(code);
    }
  });

  it("shows several problems, in one screen", () => {
    const text = WORM.replace("name: worm", "name: worm\nseed: -1\nrepeat: x\nfoo: 1\nbar: 2\nbaz: 3");
    expect(messageOf(() => resolved(text))).toMatchSnapshot();
  });

  it("says what an empty file and a list lack", () => {
    expect(messageOf(() => resolved(""))).toMatchInlineSnapshot(`
      "error  experiment.yaml is empty
        Start from a working file: cajal new"
    `);
    expect(messageOf(() => resolved("- 1"))).toMatchInlineSnapshot(`
      "error  experiment.yaml must hold keys such as "connectome:", got a list of 1
        experiment.yaml:1:1
          1 │ - 1
            │ ^^^
        Start from a working file: cajal new"
    `);
  });

  it("names every cell that is wrong only in combination", () => {
    const text = WORM.replace("{ linspace: [0.1, 2, 20] }", "[0.1]\n  network.neuron.leakRate: [0.5, 1.5]");
    expect(messageOf(() => resolved(text))).toContain(
      "In cell 2 of 2: network.spectralRadius = 0.1, network.neuron.leakRate = 1.5.",
    );
  });
});
