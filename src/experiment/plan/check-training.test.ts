import { describe, expect, it } from "vitest";
import { CajalError, onWarning } from "../../core/index.ts";
import { ConnectomeStore } from "../connectome-source.ts";
import { parseExperiment } from "../spec/parse-experiment.ts";
import { resolveTrainingExperiment } from "../spec/resolve-experiment.ts";
import { checkTraining } from "./check-training.ts";
import { planTraining } from "./plan-training.ts";

const GOOD = `kind: training
task: { name: perceptual-decision, timing: { stimulus: 200 } }
network: { units: 10, dale: 0.8 }
updates: 10
batchSize: 4
validation: { trials: 4, every: 5 }
`;

const WORM = `kind: training
task: { name: n-back }
connectome: { name: celegans, synapses: chemical }
wiring: { topology: random, use: ranks }
network: { model: elman }
`;

const AREAS = GOOD.replace(
  "units: 10, dale: 0.8",
  `areas: {
  list: [{ name: sensory, units: 10, excitatory: 0.8 }, { name: motor, units: 5, excitatory: 0.8, tau: 50 }],
  within: 0.8, between: { forward: { E: 0.5 }, backward: 0.2 }, pairs: { "motor->sensory": 0.1 },
  inputs: [{ areas: [sensory] }], outputs: [{ areas: [motor], cells: E }] }`,
);

const SPIKING = GOOD.replace("units: 10", "model: spiking, units: 10");

const with_ = (text: string, more: string) => `${text}${more}\n`;

function resolvedOf(text: string) {
  return resolveTrainingExperiment(parseExperiment(text, { file: "training.yaml" }), { folder: "/data" });
}

const store = new ConnectomeStore();

async function messageOf(text: string): Promise<string> {
  try {
    await checkTraining(resolvedOf(text), store);
  } catch (error) {
    if (!(error instanceof CajalError)) throw error;
    return error.message;
  }
  return "fine";
}

describe("checkTraining", () => {
  it.each([
    ["a network", GOOD],
    ["a network on a connectome", WORM],
    ["areas", AREAS],
    ["trials that follow each other", with_(GOOD, "continuous: true")],
    ["a sine wave", GOOD.replace(/task:.*/, "task: { name: sine-wave, cue: 0, timing: { wave: 300 } }")],
    [
      "the worst condition as a criterion",
      with_(
        GOOD.replace("trials: 4", "trials: 40, conditions: grid"),
        "earlyStopping: { criterion: worstFractionCorrect, target: 0.8 }",
      ),
    ],
    ["nll of classes", with_(WORM, "loss: [{ kind: nll }]")],
    ["an Elman network", GOOD.replace("units: 10", "model: elman, units: 10, biases: 1")],
    ["nn4n's network", GOOD.replace("units: 10", "model: current, units: 10, alpha: 0.2, preNoise: 0.1")],
    ["spiking units", GOOD.replace("units: 10", "model: spiking, units: 10, refractory: 5")],
    [
      "spiking units that differ",
      SPIKING.replace("units: 10", "units: 10, refractory: { E: 5, I: 2 }, adaptation: { E: 0.2, I: 0 }"),
    ],
    ["fixed synapses", GOOD.replace("units: 10", "units: 10, fixed: 0.5")],
    ["fixed projections", GOOD.replace("units: 10", "units: 10, fixed: [in, out]")],
    [
      "fixed synapses by name",
      GOOD.replace("units: 10", 'units: 10, fixed: { share: 0.1, parts: [in], pairs: ["E->E"] }'),
    ],
    ["pictures", GOOD.replace(/task:.*/, "task: { name: picture-memory, perClass: 5, features: 6 }")],
    [
      "a test of its own",
      with_(
        GOOD,
        "test: { trials: 4, conditions: [{ coherence: 0, catch: false }], task: { phase: testing } }",
      ),
    ],
    [
      "every part of the loop",
      with_(
        GOOD,
        `loss: [{ kind: mse }]
regularisers: [{ kind: rate, metric: sd }, { kind: weight, weights: in, weight: 0.1 }, { kind: omega, weight: 2 }]
optimiser: { kind: sgd, learningRate: 0.1, momentum: 0.9, overrides: { bias: { weightDecay: 0 } } }
schedule: { kind: cosine, length: 5, warmUp: { length: 2 } }
clip: { norm: 1, epsilon: 1e-6 }
earlyStopping: { criterion: loss, patience: 3 }
curriculum: [{ conditions: { coherence: 51.2 }, until: { fractionCorrect: 0.9 } }, { update: 5, conditions: drawn }]
gradient: { checkpoint: true, window: 8 }
precision: f64`,
      ),
    ],
  ])("accepts %s", async (_, text) => {
    expect(await messageOf(text)).toBe("fine");
  });

  it("does not warn of Euler's method where steps are items", async () => {
    const heard: string[] = [];
    const restore = onWarning((code) => heard.push(code));
    try {
      const items = GOOD.replace(/task:.*/, "task: { name: n-back }");
      expect(await messageOf(items)).toBe("fine");
      expect(await messageOf(items.replace("units: 10", "units: 10, tau: 1.5"))).toBe("fine");
      expect(heard).toEqual([]);
      expect(await messageOf(GOOD.replace("units: 10", "units: 10, tau: 20"))).toBe("fine");
      expect(heard).toEqual(["euler-step"]);
    } finally {
      restore();
    }
  });

  it("warns of stages that no update is left for", async () => {
    const heard: string[] = [];
    const restore = onWarning((code, message) => heard.push(`${code}: ${message}`));
    try {
      const stages =
        "curriculum: [{ until: { loss: 0.1, window: 2 }, conditions: drawn }, { conditions: grid }, { update: 8, conditions: drawn }]";
      expect(await messageOf(with_(GOOD.replace("updates: 10", "updates: 11"), stages))).toBe("fine");
      expect(heard).toEqual([]);
      expect(await messageOf(with_(GOOD.replace("updates: 10", "updates: 8"), stages))).toBe("fine");
    } finally {
      restore();
    }
    expect(heard).toEqual([
      "late-stage: curriculum[0].until is judged by 2, and 1 validation comes before the last update; raise updates, or lower validation.every.",
      "late-stage: curriculum[2] begins at update 8, the last is 7: no trial has its conditions; raise updates.",
    ]);
  });

  it.each([
    // The network.
    ["a density without loops", GOOD.replace("dale: 0.8", "dale: 0.8, train: [rec], density: 0.02")],
    [
      "units without input",
      AREAS.replace('"motor->sensory": 0.1', '"motor->sensory": 0.1, "sensory->motor": 0, "motor->motor": 0'),
    ],
    [
      "areas without synapses",
      AREAS.replace("within: 0.8", "within: 0")
        .replace("between", "# between")
        .replace("inputs:", "pairs: {}, inputs:"),
    ],
    ["an area of size 0", AREAS.replace("units: 5", "units: 0")],
    ["an unknown area", AREAS.replace("[motor], cells: E", "[moter]")],
    ["an unknown pair", AREAS.replace('"motor->sensory"', '"motor->sensor"')],
    ["two areas of one name", AREAS.replace("name: motor", "name: sensory")],
    [
      "groups that do not fit the task",
      AREAS.replace("[{ areas: [sensory] }]", "[{ channels: 3, areas: [sensory] }]"),
    ],
    ["areas beside dale", AREAS.replace("network: {", "network: { dale: 0.8,")],
    ["areas beside a connectome", with_(AREAS, "connectome: { name: celegans }")],
    ["units that do not fit the areas", AREAS.replace("network: {", "network: { units: 9,")],
    ["units that do not fit the connectome", WORM.replace("model: elman", "model: elman, units: 100")],
    [
      "nodes of both signs",
      with_(
        WORM.replace("model: elman", "dale: connectome"),
        "transforms: [{ kind: assign-signs, inhibitory: { fraction: 0.5 } }, { kind: symmetrize }]",
      ),
    ],
    ["signs of a connectome that is not there", GOOD.replace("dale: 0.8", "dale: connectome")],
    ["a loop that is not there", GOOD.replace("units: 10", "units: 10, density: 0.001, enforce: project")],
    ["a share of fixed synapses above 1", GOOD.replace("units: 10", "units: 10, fixed: 1.5")],
    ["an unknown projection that is fixed", GOOD.replace("units: 10", "units: 10, fixed: [inn]")],
    ["a fixed pair that is none", GOOD.replace("units: 10", "units: 10, fixed: { pairs: [E] }")],
    ["a fixed pair of an unknown area", GOOD.replace("units: 10", 'units: 10, fixed: { pairs: ["V1->E"] }')],
    ["weights that are trained and fixed", GOOD.replace("units: 10", "units: 10, fixed: [in], train: [in]")],
    ["wiring without a connectome", with_(GOOD, "wiring: { topology: random }")],
    ["areas that are not there", WORM.replace("topology: random", "topology: random-in-areas")],
    ["an unknown type of nodes", WORM.replace("use: ranks", "input: { nodes: { types: sensoric } }")],
    ["an empty area of a connectome", WORM.replace("use: ranks", "expand: { neurons: [1, 0] }")],
    ["an option of another model", GOOD.replace("units: 10", "model: elman, units: 10, tau: 100")],
    [
      "options of rates on spiking units",
      GOOD.replace("units: 10", "model: spiking, activation: tanh, outputActivation: linear, start: 0.1"),
    ],
    ["a swept option of another model", with_(SPIKING, "sweep: { network.activation: [relu, tanh] }")],
    ["a part of another model", GOOD.replace("units: 10", "model: elman, units: 10, train: [rec, tau]")],
    ["fixed synapses that are not trained", GOOD.replace("units: 10", "units: 10, fixed: 0.5, train: [out]")],
    // The task.
    ["an unknown task", GOOD.replace("perceptual-decision", "perceptual-decisions")],
    ["an unknown option of a task", GOOD.replace("timing:", "timings:")],
    ["an unknown period", GOOD.replace("stimulus: 200", "stimulis: 200")],
    ["a period below a step", GOOD.replace("stimulus: 200", "stimulus: 2")],
    ["an n that does not fit", WORM.replace("name: n-back", "name: n-back, n: 7, length: 4")],
    [
      "a task longer than memory",
      GOOD.replace("stimulus: 200", "stimulus: 1e7").replace("batchSize: 4", "batchSize: 400"),
    ],
    [
      "trials to validate with that are longer than memory",
      GOOD.replace("stimulus: 200", "stimulus: 1e6").replace("trials: 4", "trials: 1e3"),
    ],
    ["units that are too many", GOOD.replace("units: 10", "units: 20000")],
    ["neurons that are too many", WORM.replace("use: ranks", "expand: { neurons: 1000 }")],
    [
      "states longer than memory",
      with_(GOOD.replace("stimulus: 200", "stimulus: 3e6"), "gradient: { checkpoint: false }")
        .replace("batchSize: 4", "batchSize: 200")
        .replace(/validation.*/, "validation: false"),
    ],
    ["an option of the test", with_(GOOD, "test: { task: { phase: tests } }")],
    ["another task in the test", with_(GOOD, "test: { task: { name: n-back } }")],
    // The loop.
    ["an unknown condition", GOOD.replace("every: 5", "every: 5, conditions: { coherense: 3 }")],
    [
      "a condition of the wrong kind",
      with_(GOOD, "test: { conditions: [{ direction: 1 }, { direction: up }] }"),
    ],
    [
      "stages that do not ascend",
      with_(GOOD, "curriculum: [{ update: 5, conditions: drawn }, { update: 5, conditions: grid }]"),
    ],
    ["a stage that never begins", with_(GOOD, "curriculum: [{ conditions: grid }, { conditions: drawn }]")],
    ["a goal of the last stage", with_(GOOD, "curriculum: [{ conditions: grid, until: { loss: 0.1 } }]")],
    [
      "a goal without validation",
      with_(
        GOOD.replace(/validation.*/, "validation: false"),
        "curriculum: [{ conditions: grid, until: { loss: 0.1 } }, { conditions: drawn }]",
      ),
    ],
    [
      "a goal of right answers that are not there",
      with_(
        GOOD.replace(/task:.*/, "task: { name: sequence-memory }"),
        "curriculum: [{ conditions: drawn, until: { fractionCorrect: 0.8 } }, { conditions: drawn }]",
      ),
    ],
    [
      "a goal above 1",
      with_(
        GOOD,
        "curriculum: [{ conditions: grid, until: { fractionCorrect: 85 } }, { conditions: drawn }]",
      ),
    ],
    [
      "two goals at once",
      with_(
        GOOD,
        "curriculum: [{ conditions: grid, until: { fractionCorrect: 0.8, loss: 1 } }, { conditions: drawn }]",
      ),
    ],
    [
      "stopping without validation",
      with_(GOOD.replace(/validation.*/, "validation: false"), "earlyStopping: { target: 0.8 }"),
    ],
    ["stopping for no reason", with_(GOOD, "earlyStopping: { criterion: loss }")],
    [
      "right answers that are not there",
      with_(GOOD.replace(/task:.*/, "task: { name: sequence-memory }"), "earlyStopping: { target: 0.8 }"),
    ],
    [
      "a worst condition that is not there",
      with_(
        GOOD.replace(/task:.*/, "task: { name: sequence-memory }"),
        "earlyStopping: { criterion: worstFractionCorrect, target: 0.8 }",
      ),
    ],
    [
      "a worst condition among too few",
      with_(
        GOOD.replace("every: 5", "every: 5, conditions: grid"),
        "earlyStopping: { criterion: worstFractionCorrect, target: 0.8 }",
      ),
    ],
    ["a refractory period of some units", SPIKING.replace("units: 10", "units: 10, refractory: [5, 2]")],
    ["an adaptation below 0", SPIKING.replace("units: 10", "units: 10, adaptation: { E: 0.1, I: -1 }")],
    ["an unknown criterion", with_(GOOD, "earlyStopping: { criterion: worst, target: 0.8 }")],
    [
      "a plateau without validation",
      with_(GOOD.replace(/validation.*/, "validation: false"), "schedule: { kind: plateau }"),
    ],
    ["classes that are not there", with_(GOOD, "loss: [{ kind: cross-entropy }]")],
    ["shares of classes that are not there", with_(GOOD, "loss: [{ kind: soft-cross-entropy }]")],
    ["classes that are not there, by nll", with_(GOOD, "loss: [{ kind: nll }]")],
    ["an unknown variable", with_(GOOD, "regularisers: [{ kind: rate, of: q }]")],
    ["targets for what is no output", with_(GOOD, "loss: [{ kind: mse, of: r }]")],
    [
      "a penalty on what is not trained",
      with_(GOOD.replace("units: 10", "units: 10, train: [out]"), "regularisers: [{ kind: weight }]"),
    ],
    ["a bound on no norm", with_(GOOD, "clip: { value: 1, epsilon: 1e-6 }")],
    ["two terms of one name", with_(GOOD, "regularisers: [{ kind: rate }, { kind: rate, metric: sd }]")],
    ["an unknown part", with_(GOOD, "optimiser: { kind: adam, overrides: { rce: { weightDecay: 0 } } }")],
    [
      "nothing to train but starts that are never come back to",
      with_(GOOD.replace("dale: 0.8", "dale: 0.8, train: [start]"), "continuous: true"),
    ],
    [
      "time that begins anew in trials that go on",
      with_(
        GOOD.replace(
          "units: 10, dale: 0.8",
          'model: equations, units: 10, equations: "50 * dr/dt = sum(in) + sum(rec) + cos(t) - r"',
        ),
        "continuous: true",
      ),
    ],
    [
      "a sine wave of too short a period",
      with_(GOOD.replace(/task:.*/, "task: { name: sine-wave, period: 15 }"), ""),
    ],
    ["momentum that Nesterov needs", with_(GOOD, "optimiser: { kind: sgd, nesterov: true }")],
    ["an unknown optimiser", with_(GOOD, "optimiser: { kind: adma }")],
    ["an unknown key", with_(GOOD, "optimizer: { kind: adam }")],
    ["a bad cell of a sweep", with_(GOOD, "sweep:\n  network.density: [0.5, 0.001]\n")],
    ["a cell whose task does not fit", with_(GOOD, "sweep:\n  task.timing.stimulus: [200, 2]\n")],
  ])("explains %s", async (_, text) => {
    expect(await messageOf(text)).toMatchSnapshot();
  });
});

describe("the check of a large network", () => {
  const large = (network: string, more = "") =>
    with_(GOOD.replace("units: 10, dale: 0.8", `units: 1030, ${network}`), more);
  const NOTHING = "initial: { rec: { distribution: { kind: constant, value: 0 }, spectralRadius: 1 } }";

  it.each([
    ["Dale's law", large("dale: 0.8, density: 0.6")],
    ["fixed weights", large("dale: 0.8, fixed: 0.5")],
    ["spikes", large("model: spiking")],
  ])("accepts one with %s", { timeout: 60_000 }, async (_, text) => {
    expect(await messageOf(text)).toBe("fine");
  });

  it.each([
    ["weights without a radius", large(NOTHING), /the spectral radius is 0, it cannot be made 1/],
    [
      "too few synapses for a loop",
      large("density: 1e-5, dale: 0.8"),
      /the spectral radius is 0, it cannot be made 1\.5\n {2}training\.yaml:3:/,
    ],
    [
      "a penalty on what is not trained",
      large("train: [out]", "regularisers: [{ kind: weight }]"),
      /the weights "rec" are not trained/,
    ],
  ])("refuses one with %s", { timeout: 60_000 }, async (_, text, says) => {
    expect(await messageOf(text)).toMatch(says);
  });
});

describe("planTraining", () => {
  it("makes a job of each repeat and cell", () => {
    const text = with_(
      GOOD,
      "repeat: 2\nsweep:\n  optimiser.learningRate: [0.001, 0.01]\n  network.activation: [relu, tanh]",
    );
    const { jobs, networks, cells, factors } = planTraining(resolvedOf(text));
    expect([networks, cells]).toEqual([[{ name: "rate", model: null, count: 1 }], 4]);
    expect(factors.map(({ column }) => column)).toEqual(["learningRate", "activation"]);
    expect(jobs.map(({ id }) => id).slice(2, 5)).toEqual([
      "rate.r0.learningRate=0.01.activation=relu",
      "rate.r0.learningRate=0.01.activation=tanh",
      "rate.r1.learningRate=0.001.activation=relu",
    ]);
    expect(jobs[2].experiment.optimiser.learningRate).toBe(0.01);
    expect(jobs[2]).toMatchObject({ index: 2, repeat: 0, steps: 10, cells: [{ index: 2, factors: {} }] });
  });
});
