import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeNpy } from "../../connectome/index.ts";
import { CajalError } from "../../core/index.ts";
import { ConnectomeStore } from "../connectome-source.ts";
import { SMALL } from "../fixtures/worm.ts";
import { parseExperiment } from "../spec/parse-experiment.ts";
import { resolveExperiment } from "../spec/resolve-experiment.ts";
import { checkExperiment } from "./check-experiment.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cajal-check-"));
  const file = (name: string, content: string | Uint8Array) => writeFileSync(join(folder, name), content);
  file("ring.csv", "0,1,0\n0,0,1\n1,0,0\n");
  file("zero.npy", writeNpy({ shape: [3, 3], values: new Float64Array(9) }));
  file("chain.csv", "0,1,0\n0,0,1\n0,0,0\n");
  file("nan.npy", writeNpy({ shape: [2, 2], values: [0, 1, Number.NaN, 0] }));
  file("ragged.csv", "0,1,0\n0,0\n1,0,0\n");
  file("cut.npy", writeNpy({ shape: [3, 3], values: new Float64Array(9) }).slice(0, 100));
  file("labels.lst", "a\nb\nc\n");
});
afterAll(() => rmSync(folder, { recursive: true }));

async function messageOf(text: string, set: string[] = []): Promise<string> {
  const source = parseExperiment(text, { file: "experiment.yaml", set });
  const error = await checkExperiment(resolveExperiment(source, { folder }), new ConnectomeStore()).catch(
    (e) => e,
  );
  if (error === undefined) return "fine";
  if (!(error instanceof CajalError)) throw error;
  // Readers name files from the working folder, which is another one on each machine.
  return error.message.replaceAll(folder, "folder").replaceAll(/[^\s:"]*\/(?=\w+\.(csv|npy|lst))/g, "");
}

const ring = (connectome: string) => `connectome: ${connectome}
network: { spectralRadius: 0.9 }
task: { kind: memory-capacity, steps: 500, maxDelay: 5, washout: 100 }
`;

const neuron = (equations: string, parameters = "") =>
  `${ring("{ path: ring.csv }").replace(
    "{ spectralRadius: 0.9 }",
    `
  neuron:
    equations: |
      ${equations}
    parameters: { ${parameters} }`,
  )}`;

describe("checkExperiment", () => {
  it("accepts equations", async () => {
    expect(await messageOf(neuron("r = tanh(gain * sum(in) + sum(rec))", "gain: 1"))).toBe("fine");
  });

  it("accepts a good experiment", async () => {
    expect(await messageOf(SMALL)).toBe("fine");
    expect(await messageOf(ring("{ path: ring.csv, labels: labels.lst }"))).toBe("fine");
  });

  const wrong: [what: string, text: string, set?: string[]][] = [
    ["equations with an unknown name", neuron("r = tanh(sum(in) + sum(rec) + gian)", "gain: 1")],
    ["noise beside equations", neuron("r = tanh(sum(in) + sum(rec))"), ["network.noise=0.1"]],
    ["equations that do not parse", neuron("r = tanh(sum(in) + sum(rec)")],
    [
      "the second of some equations",
      neuron("x = sum(in) + sum(rec)\n      r = tahn(x) # 1\n      y = tanh(r)"),
    ],
    [
      "equations in a folded text",
      neuron("x = sum(in)\n\n      r = tanh((x)").replace("equations: |", "equations: >"),
    ],
    ["equations in a long line", neuron(`r = ${"0.1 * sum(in) + ".repeat(12)}gian + sum(rec)`)],
    [
      "equations given by an option",
      neuron("r = 1"),
      ["network.neuron.equations=r = tanh(sum(in) + sum(rec)"],
    ],
    [
      "one of the equations of a sweep",
      neuron("r = sum(in) + sum(rec)").concat(
        "sweep:\n  network.neuron.equations:\n    - r = sum(in) + sum(rec)\n    - r = tahn(sum(in) + sum(rec))\n",
      ),
    ],
    ["equations without the input", neuron("r = tanh(sum(rec))")],
    ["equations without the recurrence", neuron("r = tanh(sum(in))")],
    ["equations with a sum of nothing", neuron("r = tanh(sum(in) + sum(rec) + sum(inh))")],
    ["a variable to record that is not there", neuron("x = tanh(sum(in) + sum(rec))")],
    ["an unknown connectome", SMALL.replace("name: celegans", "name: c-elegans")],
    ["an unknown label", SMALL.replace("{ types: sensory }", "{ labels: [AVAL, AVAX] }")],
    ["an unknown type", SMALL.replace("{ types: sensory }", "{ types: sensoric }")],
    ["too many random nodes", SMALL.replace("{ types: sensory }", "{ random: 999 }")],
    ["a node that is not there", SMALL.replace("{ types: sensory }", "{ indices: [0, 302] }")],
    ["no output node left", SMALL.replace("{ types: sensory }", "all")],
    ["input nodes defined by themselves", SMALL.replace("{ types: sensory }", "{ not: input }")],
    ["types of a connectome without", ring("{ path: ring.csv }"), ["network.input.nodes.types=x"]],
    ["a delay longer than the test part", SMALL, ["task.maxDelay=300"]],
    ["a washout longer than the series", SMALL, ["task.washout=1000"]],
    ["nothing left to train", SMALL, ["readout.trainFraction=0.01"]],
    ["a long delay in one cell of a sweep", SMALL.replace("sweep:", "sweep:\n  task.maxDelay: [20, 400]")],
    ["two null models of one name", SMALL.replace("count: 3 }", "count: 3 }\n  - { kind: rewired }")],
    ["a null model called empirical", SMALL.replace("count: 3", "count: 3, name: empirical")],
    ["a file that is not there", ring("{ path: rign.csv }")],
    ["a folder for a file", ring("{ path: . }")],
    ["a connectome without edges", ring("{ path: zero.npy }")],
    ["a connectome without cycles", ring("{ path: chain.csv }")],
    ["NaN weights", ring("{ path: nan.npy }")],
    ["a ragged CSV", ring("{ path: ragged.csv }")],
    ["a truncated file", ring("{ path: cut.npy }")],
    ["labels for another size", ring("{ path: nan.npy, labels: labels.lst, diagonal: zero }")],
    [
      "a density that leaves no edge",
      `${ring("{ path: ring.csv }")}transforms: [{ kind: threshold-density, density: 0.01 }]`,
    ],
    [
      "an unknown label in a transform",
      `${ring("{ path: ring.csv, labels: labels.lst }")}transforms: [{ kind: keep-nodes, nodes: { labels: [a, x] } }]`,
    ],
  ];
  it.each(wrong)("refuses %s", async (_, text, set) => {
    expect(await messageOf(text, set)).toMatchSnapshot();
  });
});
