/**
 * @file A run of one long job that is stopped between two saved states: what must hold of every such job.
 */

import { readFileSync, statSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { createRng } from "../../src/core/index.ts";
import { type Ended, pause, type Workplace } from "./cajal-process.ts";

/** What is run and where its state is found. */
export interface StoppedRun {
  place: Workplace;
  /** Command and file; one worker, a state every 0.15 s and JSON are added. */
  command: readonly [command: string, file: string];
  /** Further options. */
  more?: readonly string[];
  /** The file's text: one job that takes a second or two. */
  experiment: string;
  /** Name of the one job. */
  job: string;
  /** Where a saved state goes on, as its JSON says it: the number in the first parentheses. */
  position: RegExp;
  /** Files that must not differ by a byte from those of a run that nobody stopped. */
  outputs: readonly string[];
}

/** Stop a run by SIGKILL and by Ctrl-C and damage its state; each time it ends as the run nobody stopped. */
export function describeStoppedRun(name: string, options: StoppedRun): void {
  const { place, command, more = [], experiment, position } = options;
  const run = [...command, ...more, "--workers", "1", "--save-every", "0.15", "--json"];
  const state = `checkpoints/${options.job}.state`;
  const rng = createRng(20_261_122).stream(`kills of ${options.job}`);

  let hash: string;
  beforeAll(async () => {
    place.write(command[1], experiment);
    const { code, out, err } = await place.cajal(...run, "--out", "whole");
    expect([code, err]).toEqual([0, err]);
    hash = JSON.parse(out).hash;
  }, 120_000);

  /** When the state was last written; 0 where there is none. */
  const savedAt = (dir: string): number => {
    try {
      return statSync(place.path(dir, state)).mtimeMs;
    } catch {
      return 0;
    }
  };

  /** Start a run and send a signal a while after it has saved its state anew. */
  const stopAfterSave = async (
    dir: string,
    signal: "SIGKILL" | "SIGINT",
    { resume = false } = {},
  ): Promise<Ended> => {
    const before = savedAt(dir);
    const running = place.start([...run, "--out", dir, ...(resume ? ["--resume"] : [])]);
    let over = false;
    running.ended.then(() => {
      over = true;
    });
    while (savedAt(dir) <= before && !over) await pause(2);
    await pause(120 * rng.uniform());
    running.signal(signal);
    return running.ended;
  };

  /** Resume to the end: the directory then holds what an undisturbed run leaves, to the bit. */
  const expectWhole = async (dir: string): Promise<void> => {
    const { code, out, err } = await place.cajal(...run, "--out", dir, "--resume");
    expect([code, err]).toEqual([0, err]);
    expect(JSON.parse(out)).toMatchObject({ hash, jobs: { total: 1, done: 1, failed: 0 } });
    expect(place.list(dir)).toEqual(place.list("whole"));
    for (const file of [...options.outputs, "metrics.parquet"]) {
      const same = readFileSync(place.path(dir, file)).equals(readFileSync(place.path("whole", file)));
      expect(same, file).toBe(true);
    }
  };

  describe(name, () => {
    it("goes on from its state after kill -9, to the same numbers", { timeout: 120_000 }, async () => {
      const positions: number[] = [];
      for (let round = 0; round < 3; round++) {
        const { signal } = await stopAfterSave("killed", "SIGKILL", { resume: round > 0 });
        if (signal !== "SIGKILL") continue;
        const saved = readFileSync(place.path("killed", state), "latin1");
        positions.push(Number(position.exec(saved)?.[1]));
      }
      expect(positions.length).toBeGreaterThanOrEqual(2);
      // Each goes on where the one before was cut.
      expect(positions).toEqual(positions.toSorted((a, b) => a - b));
      expect(new Set(positions).size).toBe(positions.length);
      for (const file of options.outputs) expect(place.exists(`killed/${file}`), file).toBe(false);
      await expectWhole("killed");
    });

    it("saves its state at Ctrl-C and says how to go on", { timeout: 120_000 }, async () => {
      const { code, out, err } = await stopAfterSave("stopped", "SIGINT");
      expect([code, JSON.parse(out).status]).toEqual([130, "interrupted"]);
      expect(err).toContain(`cajal ${command.join(" ")} --out stopped --resume`);
      await expectWhole("stopped");
    });

    it("begins anew where the saved state is damaged", { timeout: 120_000 }, async () => {
      await stopAfterSave("damaged", "SIGKILL");
      const bytes = readFileSync(place.path("damaged", state));
      bytes[bytes.length >> 1] ^= 1;
      place.write(`damaged/${state}`, bytes);
      await expectWhole("damaged");
    });
  });
}
