import { describe, expect, it } from "vitest";
import { CajalError } from "../../core/index.ts";
import { ConnectomeStore } from "../connectome-source.ts";
import { parseExperiment } from "../spec/parse-experiment.ts";
import { resolveTrainingExperiment } from "../spec/resolve-experiment.ts";
import { checkTraining } from "./check-training.ts";
import { planTraining } from "./plan-training.ts";

const GOOD = `kind: training
task: { name: perceptual-decision, timing: { stimulus: 200 } }
network:
  model: equations
  units: 10
  dale: 0.8
  equations: |
    # Rates that adapt.
    tau * dx/dt = sum(in) + sum(rec) - b * a - x
    tauA * da/dt = r - a
    r = pos(x)
  parameters: { tau: 50, tauA: { E: 300, I: 100 }, b: 0.5 }
  train: [in, rec, out, tauA]
  bounds: { tauA: [50, 2000] }
updates: 10
batchSize: 4
validation: { trials: 4, every: 5 }
`;
const CURRENT = `kind: training
task: { name: perceptual-decision, timing: { stimulus: 200 } }
network: { model: current, units: 10, dale: 0.8, tau: { E: 100, I: 50 } }
updates: 10
validation: { trials: 4, every: 5 }
`;
const AREAS = `kind: training
task: { name: perceptual-decision }
network:
  model: current
  areas: { list: [{ name: V1, units: 6 }, { name: V2, units: 4, tau: 200 }], between: 0.5 }
updates: 10
`;

function resolvedOf(text: string) {
  return resolveTrainingExperiment(parseExperiment(text, { file: "training.yaml" }), { folder: "/data" });
}

async function messageOf(text: string): Promise<string> {
  try {
    await checkTraining(resolvedOf(text), new ConnectomeStore());
  } catch (error) {
    if (!(error instanceof CajalError)) throw error;
    return error.message;
  }
  return "fine";
}

const LIBRARY = GOOD.replace(
  / {2}equations: [\s\S]*updates/,
  "  neuron: { activation: elu, leakRate: 0.5 }\nupdates",
);
const SPIKES = GOOD.replace("r = pos(x)", "r = x > 1")
  .replace("tauA]", "tau]")
  .replace(/ {2}bounds.*\n/, "");

describe("checkTraining of units with equations of their own", () => {
  it.each([
    ["equations", GOOD],
    ["a list of values", GOOD.replace("b: 0.5", "b: [0, 0, 0, 0, 0, 1, 1, 1, 1, 1]")],
    ["a neuron of the library", LIBRARY],
    ["its parameters", LIBRARY.replace("updates", "  parameters: { leakRate: { E: 0.5, I: 1 } }\nupdates")],
    ["thresholds with a surrogate", `${SPIKES}gradient: { surrogate: { kind: triangle, slope: 1 } }\n`],
    ["a shared parameter", GOOD.replace("train: [in,", "shared: [b]\n  train: [b, in,")],
    [
      "parts by name in the optimiser",
      `${GOOD}optimiser: { kind: adam, overrides: { tauA: { learningRateScale: 2 } } }\n`,
    ],
    [
      "a leak, for omega",
      `${GOOD.replace("bounds", "leaky: { state: x, tau: tau, activation: relu }\n  bounds")}regularisers: [{ kind: omega }]\n`,
    ],
    ["time constants of nn4n's network by kind of cell", CURRENT],
    ["by area", AREAS],
    [
      "by area and name",
      AREAS.replace("  areas", "  alpha: { V1: 0.1, V2: 0.3 }\n  areas").replace(", tau: 200", ""),
    ],
    ["of a rate network by kind of cell", CURRENT.replace("current", "rate")],
  ])("accepts %s", async (_, text) => {
    expect(await messageOf(text)).toBe("fine");
  });

  it.each([
    ["an unknown name", GOOD.replace("b * a - x", "b * aa - x")],
    ["a slip of the pen", GOOD.replace("r = pos(x)", "r = pos(x")],
    ["a missing sum", GOOD.replace("sum(rec) - ", "")],
    ["a sum that nothing arrives under", GOOD.replace("sum(rec)", "sum(rec) + sum(recc)")],
    ["an unknown variable", GOOD.replace("  train:", "  read: rr\n  train:")],
    ["a variable that cannot be sent", GOOD.replace("  train:", "  send: y\n  train:")],
    ["an unknown part", GOOD.replace("out, tauA]", "out, tauB]")],
    ["a parameter that is never read", GOOD.replace("b: 0.5", "b: 0.5, c: 1")],
    [
      "a parameter that a neuron of the library lacks",
      LIBRARY.replace("updates", "  parameters: { leak: 1 }\nupdates"),
    ],
    ["bounds of what is not trained", GOOD.replace("bounds: { tauA", "bounds: { tau")],
    ["bounds that do not hold at the start", GOOD.replace("[50, 2000]", "[200, 2000]")],
    ["bounds of the wrong form", GOOD.replace("[50, 2000]", "50")],
    ["a shared parameter that is not trained", GOOD.replace("  train:", "  shared: [b]\n  train:")],
    [
      "a value of the population that differs between units",
      GOOD.replace("r = pos(x)", "r = pos(x)\n    m = b * mean(r) : population")
        .replace("- b * a", "- m * a")
        .replace("[in,", "[b, in,"),
    ],
    ["thresholds without a surrogate", SPIKES],
    ["a rounding", GOOD.replace("r = pos(x)", "r = floor(x)")],
    ["a list that does not fit", GOOD.replace("b: 0.5", "b: [0.5, 1]")],
    ["kinds of cells without Dale's law", GOOD.replace("  dale: 0.8\n", "")],
    ["a kind of cell that is left out", GOOD.replace("{ E: 300, I: 100 }", "{ E: 300 }")],
    ["an unknown area", GOOD.replace("{ E: 300, I: 100 }", "{ V1: 300 }")],
    ["no equations", GOOD.replace(/ {2}equations: [\s\S]*updates/, "updates")],
    ["equations beside a neuron", GOOD.replace("  train:", "  neuron: { activation: tanh }\n  train:")],
    ["equations of another model", GOOD.replace("  model: equations\n", "")],
    ["an option of another model", GOOD.replace("  units: 10", "  units: 10\n  tau: 30")],
    ["omega without a leak", `${GOOD}regularisers: [{ kind: omega }]\n`],
    [
      "a leak of an unknown variable",
      GOOD.replace("bounds", "leaky: { state: y, activation: relu }\n  bounds"),
    ],
    ["a bad value in a sweep", `${GOOD}sweep: { network.bounds.tauA: [[50, 2000], [200, 500]] }\n`],
    ["an unknown parameter in a sweep", `${GOOD}sweep: { network.parameters.c: [1, 2] }\n`],
    ["a time constant that is not positive", CURRENT.replace("I: 50", "I: 0")],
    ["a time constant below the step", CURRENT.replace("I: 50", "I: 5")],
    ["a leak that is given twice", CURRENT.replace("units: 10", "units: 10, alpha: 0.1")],
    [
      "an area's time constant of equations",
      GOOD.replace(
        / {2}units: 10\n {2}dale: 0.8/,
        "  areas: { list: [{ name: a, units: 10, excitatory: 0.8, tau: 10 }] }",
      ),
    ],
  ])("explains %s", async (_, text) => {
    expect(await messageOf(text)).toMatchSnapshot();
  });
});

describe("planTraining", () => {
  it("sweeps over parameters of equations", () => {
    const { jobs } = planTraining(
      resolvedOf(
        `${GOOD}sweep: { network.parameters.tau: [20, 50], network.parameters.tauA: [100, { E: 300, I: 100 }] }\n`,
      ),
    );
    expect(jobs.map(({ experiment }) => experiment.network.parameters)).toEqual([
      { tau: 20, tauA: 100, b: 0.5 },
      { tau: 20, tauA: { E: 300, I: 100 }, b: 0.5 },
      { tau: 50, tauA: 100, b: 0.5 },
      { tau: 50, tauA: { E: 300, I: 100 }, b: 0.5 },
    ]);
  });
});
