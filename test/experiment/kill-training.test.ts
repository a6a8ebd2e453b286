import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { workplace } from "./cajal-process.ts";
import { describeStoppedRun } from "./stopped-run.ts";

const place = workplace("train");

/** A network that learns for a second or two, with everything that a state holds. */
const DECIDE = `kind: training
name: decide
task: { name: perceptual-decision }
network: { units: 40, dale: 0.8, noise: 0.1, density: 0.5 }
optimiser: { kind: adam, learningRate: 0.005, amsgrad: true }
schedule: { kind: plateau, patience: 1, factor: 0.7 }
regularisers: [{ kind: rate, weight: 0.01 }, { kind: omega, weight: 0.1 }]
updates: 200
validation: { trials: 40, every: 20, conditions: grid }
curriculum: [{ update: 0, conditions: { coherence: 51.2 } }, { update: 100, conditions: drawn }]
test: { trials: 60 }
`;

describeStoppedRun("training that is stopped between two updates", {
  place,
  command: ["train", "decide.yaml"],
  experiment: DECIDE,
  job: "rate.r0",
  position: /"updates":(\d+)/,
  outputs: ["records/rate.r0.npz", "weights/rate.r0.best.safetensors", "weights/rate.r0.last.safetensors"],
});

describe("a grid of networks to train", () => {
  const GRID = `${DECIDE.replace("updates: 200", "updates: 12").replace("every: 20", "every: 4")}repeat: 2
sweep:
  optimiser.learningRate: [0.001, 0.005, 1e30]
`;
  const results = async (...options: string[]) => {
    const dir = options.join("");
    const { code, out } = await place.cajal("train", "grid.yaml", "--json", "--out", dir, ...options);
    return { code, dir, ...(JSON.parse(out) as { hash: string; failures: { message: string }[] }) };
  };

  it("has one hash for no, one and two workers; what breaks leaves the rest alone", {
    timeout: 120_000,
  }, async () => {
    place.write("grid.yaml", GRID);
    const one = await results("--workers", "1");
    const two = await results("--workers", "2");
    const none = await results("--workers", "0");
    expect([two.hash, none.hash]).toEqual([one.hash, one.hash]);
    for (const { code, failures } of [one, two, none]) {
      expect([code, failures.length]).toEqual([1, 2]);
      for (const { message } of failures)
        expect(message).toMatch(
          /^Update \d+: .+ (is|was|became) .+; lower .+\. Parameters are those before this update\.$/,
        );
    }
    const record = (dir: string) => readFileSync(place.path(dir, "records/rate.r1.learningRate=0.001.npz"));
    expect(record(one.dir).equals(record(two.dir))).toBe(true);
  });

  it("is refused by train when nothing in it is trained", { timeout: 60_000 }, async () => {
    place.write(
      "sorn.yaml",
      "kind: self-organisation\nnetwork: { preset: delpapa2017 }\nphases: [{ name: a, steps: 10 }]\nanalyses: [rates]\n",
    );
    const { code, err } = await place.cajal("train", "sorn.yaml");
    expect(code).toBe(2);
    expect(err).toContain("sorn.yaml is of kind self-organisation, nothing in it is trained by gradient");
    expect(err).toContain("Run it with: cajal run sorn.yaml.");
  });
});
