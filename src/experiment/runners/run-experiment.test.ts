import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CajalError } from "../../core/index.ts";
import { resolved, SMALL } from "../fixtures/worm.ts";
import { writeDurably, writeError } from "../journal/durable-file.ts";
import { planExperiment } from "../plan/plan-experiment.ts";
import type { RunManifest } from "../results/manifest.ts";
import { decodeParquet } from "../results/parquet.ts";
import { type RunOptions, runExperiment } from "./run-experiment.ts";

const jobModule = { url: new URL("./fixtures/fake-job.mjs", import.meta.url).href, name: "runFakeJob" };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cajal-run-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const planOf = (name = "small", instances?: number) =>
  planExperiment(resolved(SMALL.replace("name: small", `name: ${name}`)), { instances });
const run = (options: Partial<RunOptions> = {}, plan = planOf()) =>
  runExperiment(plan, { folder: join(folder, "a"), workers: 0, jobModule, ...options });
const manifest = (name = "a"): RunManifest =>
  JSON.parse(readFileSync(join(folder, name, "run.json"), "utf8"));
const journal = (name = "a") => readdirSync(join(folder, name, "journal"));

describe("runExperiment", () => {
  it("leaves the whole directory, and the hash in three places", async () => {
    const result = await run();
    expect(result).toMatchObject({
      status: "finished",
      jobs: { total: 16, done: 16, failed: 0 },
      failures: [],
    });
    expect(readdirSync(join(folder, "a")).sort()).toEqual([
      "connectome.json",
      "experiment.yaml",
      "journal",
      "metrics.parquet",
      "report.html",
      "run.json",
      "weights.npy",
    ]);
    const { metadata, table } = await decodeParquet(readFileSync(join(folder, "a", "metrics.parquet")));
    expect(metadata).toMatchObject({ experiment: "small", seed: "1", hash: result.hash });
    expect(table.rows).toBe(16 * 5 * 4);
    expect(manifest()).toMatchObject({ format: "cajal-run", status: "finished", hash: result.hash, seed: 1 });
    expect(journal().length).toBe(16);
  });

  it("gives the same hash whatever the chunking", async () => {
    const hashes = [];
    for (const [i, instances] of [undefined, 1, 2, 3].entries())
      hashes.push((await run({ folder: join(folder, String(i)) }, planOf("small", instances))).hash);
    expect(new Set(hashes).size).toBe(1);
  });

  it("lets one job fail alone, and runs it again on resume", async () => {
    const result = await run({}, planOf("throw"));
    expect(result.jobs).toEqual({ total: 16, done: 12, failed: 4 });
    expect(result.failures[0]).toMatchObject({ job: "rewired-01.r0.activation=relu" });
    expect(result.failures[0].message).toMatch(/^TypeError: x is not a number \(at fake-job\.mjs:\d+\)$/);
    const again = await run({ resume: true }, planOf("throw"));
    expect(again.jobs).toEqual({ total: 16, done: 12, failed: 4 });
    expect(manifest().sessions.map(({ jobs }) => jobs)).toEqual([16, 4]);
  });

  it("loses only the cell that diverged", async () => {
    const result = await run({}, planOf("diverge"));
    expect(result.jobs.failed).toBe(0);
    expect(result.cells).toEqual({ total: 80, failed: 2 });
    expect(result.failures).toEqual(
      [0, 1].map((r) => ({
        job: `rewired-01.r${r}.activation=tanh`,
        cell: 3,
        message: "r of unit 3 became NaN at t = 12",
      })),
    );
    expect(result.table.rows).toBe(16 * 5 * 4 - 8);
  });

  it("stops at once on a signal, and goes on where it was", async () => {
    const stop = new AbortController();
    let ended = 0;
    const first = await run({
      signal: stop.signal,
      listener: { ended: () => ++ended === 5 && stop.abort() },
    });
    expect(first).toMatchObject({ status: "interrupted", hash: null, jobs: { total: 16, done: 5 } });
    expect(manifest().status).toBe("interrupted");
    expect(existsSync(join(folder, "a", "metrics.parquet"))).toBe(false);
    expect(existsSync(join(folder, "a", "lock"))).toBe(false);
    const seen: string[] = [];
    const second = await run({ resume: true, listener: { started: ({ id }) => seen.push(id) } });
    expect(seen.length).toBe(11);
    const whole = await run({ folder: join(folder, "b") });
    expect(second.hash).toBe(whole.hash);
    expect(second.jobs.done).toBe(16);
  });

  it("resumes with another chunking without doing a cell twice", async () => {
    const stop = new AbortController();
    let ended = 0;
    await run(
      { signal: stop.signal, listener: { ended: () => ++ended === 7 && stop.abort() } },
      planOf("small", 2),
    );
    const done = journal().length;
    const cells: string[] = [];
    const second = await run({
      resume: true,
      listener: {
        started: ({ group, cells: own }) => cells.push(...own.map(({ index }) => `${group}/${index}`)),
      },
    });
    expect(done).toBe(7);
    expect(new Set(cells).size).toBe(cells.length);
    expect(second.hash).toBe((await run({ folder: join(folder, "b") })).hash);
  });

  it("does again what is torn or corrupt in the journal", async () => {
    const { hash } = await run();
    const [first, second] = journal();
    const path = (name: string) => join(folder, "a", "journal", name);
    writeFileSync(path(first), readFileSync(path(first), "utf8").slice(0, 300));
    writeFileSync(path(second), readFileSync(path(second), "utf8").replace('"done"', '"dome"'));
    const damaged: string[] = [];
    const again = await run({
      resume: true,
      listener: { planned: (jobs, _, bad) => damaged.push(`${jobs.length}`, ...bad) },
    });
    expect(damaged).toEqual(["2", `journal/${first} is damaged`, `journal/${second} is damaged`]);
    expect(again.hash).toBe(hash);
  });

  it("refuses to write over a run, and to resume another experiment", async () => {
    await run();
    const at = join(folder, "a");
    await expect(run()).rejects.toThrow(
      `${at} already holds a run. Continue it with --resume, or choose another --out.`,
    );
    const error = await run(
      { resume: true },
      planExperiment(resolved(SMALL, ["task.steps=900", "seed=2"])),
    ).catch((e) => e);
    expect((error as CajalError).message).toBe(
      `${at}: the experiment is not the one that was started here\n  seed: 1 then, 2 now\n  task.steps: 1000 then, 900 now\n  Undo the change to resume. To start afresh, choose another --out.`,
    );
    writeFileSync(join(folder, "other"), "");
    await expect(run({ folder })).rejects.toThrow(`${folder} is not empty. Choose another --out.`);
    await expect(run({ folder, resume: true })).rejects.toThrow("but no run to resume");
    expect(readdirSync(folder)).not.toContain("lock");
  });

  it("resumes after a kill before the first job, when run.json is not there yet", async () => {
    await run();
    rmSync(join(folder, "a", "run.json"));
    writeFileSync(join(folder, "a", "run.json.99-1.tmp"), "{");
    expect((await run({ resume: true })).jobs.done).toBe(16);
  });

  it("starts afresh when there is nothing to resume", async () => {
    expect((await run({ resume: true })).status).toBe("finished");
  });

  it("ends with what is safe when the disk is full, and goes on when there is room again", async () => {
    let writes = 0;
    const write = async (path: string, content: string | Uint8Array) => {
      if (++writes > 6) throw writeError(Object.assign(new Error("full"), { code: "ENOSPC" }), path);
      await writeDurably(path, content);
    };
    const error = (await run({ write }).catch((e) => e)) as CajalError;
    expect(error).toBeInstanceOf(CajalError);
    expect(error.code).toBe("disk-full");
    expect(error.what).toContain(`4 of 16 jobs are safe in ${join(folder, "a")}`);
    expect(journal().length).toBe(4);
    const again = await run({ resume: true });
    expect(again.jobs.done).toBe(16);
    expect(again.hash).toBe((await run({ folder: join(folder, "b") })).hash);
  });

  it("keeps the numbers when only the report does not fit on the disk", async () => {
    const write = async (path: string, content: string | Uint8Array) => {
      if (path.endsWith("report.html"))
        throw writeError(Object.assign(new Error("full"), { code: "ENOSPC" }), path);
      await writeDurably(path, content);
    };
    await expect(run({ write })).rejects.toThrow("no space left to write");
    expect((await run({ resume: true })).hash).not.toBeNull();
  });

  it("fails a job whose rows belong to none of its cells", async () => {
    const bad = { url: new URL("./fixtures/bad-rows-job.mjs", import.meta.url).href, name: "runBadRows" };
    const { failures } = await run({ jobModule: bad });
    expect(failures[0].message).toContain("the job returned a bad record: a row of x has the factors {}");
  });
});
