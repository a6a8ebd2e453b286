import { readFileSync, statSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { createRng } from "../../src/core/index.ts";
import { pause, workplace } from "./cajal-process.ts";

const place = workplace("organise");
const RUN = ["run", "sorn.yaml", "--workers", "1", "--save-every", "0.15", "--json"] as const;
const STATE = "checkpoints/full.r0.state";
const RECORDS = "records/full.r0.npz";

/** A network that learns for a second or two, with every kind of record. */
const SORN = `kind: self-organisation
name: sorn
network: { preset: delpapa2017, units: 100 }
input: { source: counting, n: 3, unitsPerSymbol: 5 }
phases:
  - { name: organise, steps: 120000 }
  - { name: train, steps: 3000, freeze: all, readout: train }
  - { name: test, steps: 3000, freeze: all, readout: test }
record: { weights: 40000 }
analyses: [connections, rates, spikes, avalanches, weights, lifetimes, readout]
`;

let hash: string;
beforeAll(async () => {
  place.write("sorn.yaml", SORN);
  const { code, out, err } = await place.cajal(...RUN, "--out", "whole");
  expect([code, err]).toEqual([0, err]);
  hash = JSON.parse(out).hash;
}, 120_000);

const rng = createRng(20_261_122).stream("kills of organisation");

/** When the state was last written; 0 where there is none. */
function savedAt(dir: string): number {
  try {
    return statSync(place.path(dir, STATE)).mtimeMs;
  } catch {
    return 0;
  }
}

/** Step that a saved state goes on from. */
function savedStep(dir: string): number {
  const text = readFileSync(place.path(dir, STATE), "latin1");
  return Number(/"step":(\d+)/.exec(text)?.[1]);
}

/** Start a run and send a signal a while after it has saved its state anew. @returns Whether it was stopped by that. */
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

describe("a network that organises itself, stopped while it learns", () => {
  it("goes on from its state after kill -9, to the same spikes", { timeout: 120_000 }, async () => {
    const steps: number[] = [];
    for (let round = 0; round < 3; round++) {
      const { signal } = await stopAfterSave("killed", "SIGKILL", round > 0);
      if (signal === "SIGKILL") steps.push(savedStep("killed"));
    }
    expect(steps.length).toBeGreaterThanOrEqual(2);
    // Each goes on where the one before was cut.
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
    expect(new Set(steps).size).toBe(steps.length);
    expect(place.exists(`killed/${RECORDS}`)).toBe(false);
    expect(savedAt("killed")).toBeGreaterThan(0);
    await expectWhole("killed");
  });

  it("saves its state at Ctrl-C", { timeout: 120_000 }, async () => {
    const { code, out } = await stopAfterSave("stopped", "SIGINT", false);
    expect([code, JSON.parse(out).status]).toEqual([130, "interrupted"]);
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

/** Resume to the end: the directory then holds what an undisturbed run leaves, the raster to the bit. */
async function expectWhole(dir: string): Promise<void> {
  const { code, out, err } = await place.cajal(...RUN, "--out", dir, "--resume");
  expect([code, err]).toEqual([0, err]);
  expect(JSON.parse(out)).toMatchObject({ hash, jobs: { total: 1, done: 1, failed: 0 } });
  expect(place.list(dir)).toEqual(place.list("whole"));
  for (const name of [RECORDS, "metrics.parquet"])
    expect(readFileSync(place.path(dir, name)).equals(readFileSync(place.path("whole", name))), name).toBe(
      true,
    );
}
