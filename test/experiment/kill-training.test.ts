import { readFileSync, statSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { createRng } from "../../src/core/index.ts";
import { pause, workplace } from "./cajal-process.ts";

const place = workplace("train");
const RUN = ["train", "decide.yaml", "--workers", "1", "--save-every", "0.15", "--json"] as const;
const STATE = "checkpoints/rate.r0.state";
const RECORDS = "records/rate.r0.npz";
const WEIGHTS = ["weights/rate.r0.best.safetensors", "weights/rate.r0.last.safetensors"];

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

let hash: string;
beforeAll(async () => {
  place.write("decide.yaml", DECIDE);
  const { code, out, err } = await place.cajal(...RUN, "--out", "whole");
  expect([code, err]).toEqual([0, err]);
  hash = JSON.parse(out).hash;
}, 120_000);

const rng = createRng(20_261_122).stream("kills of training");

/** When the state was last written; 0 where there is none. */
function savedAt(dir: string): number {
  try {
    return statSync(place.path(dir, STATE)).mtimeMs;
  } catch {
    return 0;
  }
}

/** Update that a saved state goes on from. */
function savedUpdate(dir: string): number {
  const text = readFileSync(place.path(dir, STATE), "latin1");
  return Number(/"updates":(\d+)/.exec(text)?.[1]);
}

/** Start a run and send a signal a while after it has saved its state anew. */
async function stopAfterSave(dir: string, signal: "SIGKILL" | "SIGINT", resume: boolean) {
  const before = savedAt(dir);
  const running = place.start([...RUN, "--out", dir, ...(resume ? ["--resume"] : [])]);
  let over = false;
  running.ended.then(() => {
    over = true;
  });
  while (savedAt(dir) <= before && !over) await pause(2);
  await pause(120 * rng.uniform());
  running.signal(signal);
  return running.ended;
}

describe("training that is stopped between two updates", () => {
  it("goes on from its state after kill -9, to the same weights", { timeout: 120_000 }, async () => {
    const updates: number[] = [];
    for (let round = 0; round < 3; round++) {
      const { signal } = await stopAfterSave("killed", "SIGKILL", round > 0);
      if (signal === "SIGKILL") updates.push(savedUpdate("killed"));
    }
    expect(updates.length).toBeGreaterThanOrEqual(2);
    // Each goes on where the one before was cut.
    expect(updates).toEqual(updates.toSorted((a, b) => a - b));
    expect(new Set(updates).size).toBe(updates.length);
    expect(place.exists(`killed/${RECORDS}`)).toBe(false);
    await expectWhole("killed");
  });

  it("saves its state at Ctrl-C", { timeout: 120_000 }, async () => {
    const { code, out, err } = await stopAfterSave("stopped", "SIGINT", false);
    expect([code, JSON.parse(out).status]).toEqual([130, "interrupted"]);
    expect(err).toContain("cajal train decide.yaml --out stopped --resume");
    await expectWhole("stopped");
  });

  it("begins anew where the saved state is damaged", { timeout: 120_000 }, async () => {
    await stopAfterSave("damaged", "SIGKILL", false);
    const state = readFileSync(place.path("damaged", STATE));
    state[state.length >> 1] ^= 1;
    place.write(`damaged/${STATE}`, state);
    await expectWhole("damaged");
  });
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

/** Resume to the end: the directory then holds what an undisturbed run leaves, the weights to the bit. */
async function expectWhole(dir: string): Promise<void> {
  const { code, out, err } = await place.cajal(...RUN, "--out", dir, "--resume");
  expect([code, err]).toEqual([0, err]);
  expect(JSON.parse(out)).toMatchObject({ hash, jobs: { total: 1, done: 1, failed: 0 } });
  expect(place.list(dir)).toEqual(place.list("whole"));
  for (const name of [RECORDS, ...WEIGHTS, "metrics.parquet"])
    expect(readFileSync(place.path(dir, name)).equals(readFileSync(place.path("whole", name))), name).toBe(
      true,
    );
}
