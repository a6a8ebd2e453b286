import { mkdirSync, readFileSync, watch } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { createRng } from "../../src/core/index.ts";
import { decodeParquet } from "../../src/experiment/index.ts";
import { journalOf, pause, type Running, workplace, worm } from "./cajal-process.ts";

const place = workplace("kill");
const JOBS = ["empirical.r0", ...Array.from({ length: 10 }, (_, i) => `rewired-0${i}.r0`)];
const RUN = ["run", "worm.yaml", "--workers", "2", "--json"] as const;

/** The hash of the run that nobody disturbed, in the directory `whole`. */
let hash: string;
beforeAll(async () => {
  place.write("worm.yaml", worm());
  const { code, out } = await place.cajal(...RUN, "--out", "whole");
  expect(code).toBe(0);
  hash = JSON.parse(out).hash;
}, 120_000);

const rng = createRng(20_261_122).stream("kills");

/** When a process is killed: so long after it was started, after a number of finished jobs, or after a file appears. */
type Moment =
  | { kind: "start"; ms: number }
  | { kind: "jobs"; count: number; ms: number }
  | { kind: "writing"; file: string; ms: number };

const inStart = (): Moment => ({ kind: "start", ms: 900 * rng.uniform() });
const inJobs = (): Moment => ({ kind: "jobs", count: 1 + rng.integer(4), ms: 60 * rng.uniform() });
const inWriting = (file: string): Moment => ({ kind: "writing", file, ms: 4 * rng.uniform() });

/** Twenty moments in three directories: later ones come upon what earlier ones left. */
const DIRECTORIES: [dir: string, moments: Moment[]][] = [
  ["first", [inStart(), inJobs(), inStart(), inJobs(), inWriting("metrics.parquet"), inWriting("run.json")]],
  [
    "second",
    [
      inStart(),
      inWriting("journal"),
      inJobs(),
      inJobs(),
      inWriting("weights.npy"),
      inWriting("connectome.json"),
      inWriting("report.html"),
    ],
  ],
  [
    "third",
    [
      inWriting("experiment.yaml"),
      inStart(),
      inJobs(),
      inWriting("metrics.parquet"),
      inStart(),
      inWriting("report.html"),
      inWriting("report.html"),
    ],
  ],
];

/** Resolves at the moment, or when the process has ended. */
async function reached(moment: Moment, running: Running, dir: string): Promise<void> {
  if (moment.kind === "start") return Promise.race([pause(moment.ms), running.ended.then(() => {})]);
  if (moment.kind === "jobs") {
    await running.printed(new RegExp(`^ *${moment.count}/\\d+ `, "m"));
    return pause(moment.ms);
  }
  // The temporary file is seen first: its name begins with that of the file.
  await new Promise<void>((seen) => {
    const watcher = watch(place.path(dir), (_, name) => name?.startsWith(moment.file) && done());
    const done = () => {
      watcher.close();
      seen();
    };
    running.ended.then(done);
  });
  // A timer is too coarse for a file that is written in a few milliseconds.
  const until = performance.now() + moment.ms;
  while (performance.now() < until) await new Promise(setImmediate);
}

/** Content of every finished job's record. */
const records = (dir: string) =>
  new Map(journalOf(place, dir).map((name) => [name, place.read(join(dir, "journal", name))]));

describe("kill -9 at any moment, then --resume", () => {
  it.each(DIRECTORIES)(
    "keeps what is done and loses nothing: %s",
    { timeout: 300_000 },
    async (dir, moments) => {
      // An empty directory is as good as none, and can be watched from the start.
      mkdirSync(place.path(dir));
      let before = new Map<string, string>();
      for (const [round, moment] of moments.entries()) {
        await killAt(moment, dir, round > 0);
        const now = records(dir);
        for (const [name, text] of before) expect(now.get(name)).toBe(text);
        before = now;
      }
      const { code, out } = await place.cajal(...RUN, "--out", dir, "--resume");
      expect(code).toBe(0);
      expect(JSON.parse(out)).toMatchObject({ hash, jobs: { total: 11, done: 11, failed: 0 }, warnings: [] });
      // No job that was safe was done again, and each is there once.
      const after = records(dir);
      for (const [name, text] of before) expect(after.get(name)).toBe(text);
      expect([...after.keys()]).toEqual(JOBS.map((id) => `${id}.json`));
      await expectWhole(dir);
    },
  );
});

/** Start a run and kill it; one that was quicker than the moment is started again and killed sooner. */
async function killAt(moment: Moment, dir: string, resume: boolean): Promise<void> {
  const running = place.start([...RUN, "--out", dir, ...(resume ? ["--resume"] : [])]);
  await reached(moment, running, dir);
  running.signal("SIGKILL");
  const { code, signal, err } = await running.ended;
  if (signal === "SIGKILL") return;
  expect([code, err]).toEqual([0, err]);
  await killAt({ kind: "start", ms: 250 * rng.uniform() }, dir, true);
}

/** A directory holds what an undisturbed run leaves, to the byte where no time of day is in it, and nothing else. */
async function expectWhole(dir: string): Promise<void> {
  expect(place.list(dir)).toEqual(place.list("whole"));
  for (const name of ["metrics.parquet", "weights.npy", "connectome.json", "experiment.yaml"])
    expect(readFileSync(place.path(dir, name)).equals(readFileSync(place.path("whole", name))), name).toBe(
      true,
    );
  const { table } = await decodeParquet(readFileSync(place.path(dir, "metrics.parquet")));
  const column = (name: string) => table.columns.find((c) => c.name === name)?.values ?? [];
  const keys = ["job", "spectralRadius", "metric", "delay"].map(column);
  const rows = Array.from({ length: table.rows }, (_, i) => keys.map((values) => values[i]).join(" "));
  expect(new Set(rows).size).toBe(rows.length);
  // Two capacities, and three curves of ten delays, in each of four cells of each job.
  expect(rows.length).toBe(JOBS.length * 4 * (2 + 3 * 10));
  expect([...new Set(column("job"))]).toEqual(JOBS);
  const manifest = JSON.parse(place.read(`${dir}/run.json`));
  expect(manifest).toMatchObject({ status: "finished", hash, jobs: { done: 11, failed: 0 } });
  expect(Object.keys(manifest.jobSeconds)).toEqual(JOBS);
  expect(place.read(`${dir}/report.html`)).toContain(hash);
}

describe("a run that is resumed", () => {
  it("does nothing but write again when it was finished", { timeout: 60_000 }, async () => {
    const before = records("whole");
    const { code, out } = await place.cajal(...RUN, "--out", "whole", "--resume");
    expect(code).toBe(0);
    expect(JSON.parse(out).hash).toBe(hash);
    expect(records("whole")).toEqual(before);
  });

  it("redoes a record that was torn, and says so", { timeout: 60_000 }, async () => {
    const name = "whole/journal/rewired-03.r0.json";
    place.write(name, place.read(name).slice(0, -200));
    const { code, out, err } = await place.cajal(...RUN, "--out", "whole", "--resume");
    expect(code).toBe(0);
    expect(err).toContain(
      "1 file missing or damaged: journal/rewired-03.r0.json is damaged; its job runs again.",
    );
    expect(JSON.parse(out)).toMatchObject({ hash, jobs: { total: 11, done: 11 } });
  });
});

describe.each([
  ["SIGINT", []],
  ["SIGTERM", ["--native"]],
] as const)("%s, %j", (name, more) => {
  it("ends with 130 and words, and the directory goes on", { timeout: 120_000 }, async () => {
    const dir = `at-${name}`;
    const running = place.start([...RUN.slice(0, -1), "--out", dir, ...more]);
    await running.printed(/^ *2\/11 /m);
    running.signal(name);
    const { code, out, err } = await running.ended;
    expect(code).toBe(130);
    expect(err).toBe("");
    const kept = journalOf(place, dir).length;
    expect(kept).toBeGreaterThanOrEqual(2);
    expect(kept).toBeLessThan(11);
    expect(out).toContain(
      `Stopped; ${kept} of 11 jobs are kept in ${dir}. Continue with\n  ${["cajal run worm.yaml --out", dir, "--resume", ...more].join(" ")}\n`,
    );
    expect(JSON.parse(place.read(`${dir}/run.json`))).toMatchObject({ status: "interrupted", hash: null });
    const again = await place.cajal(...RUN, "--out", dir, "--resume", ...more);
    expect(again.code).toBe(0);
    expect(again.err).toContain(`in 11 jobs, ${kept} of 11 jobs kept`);
    expect(JSON.parse(again.out).hash).toBe(hash);
    await expectWhole(dir);
  });
});

it("ends at once at the second Ctrl-C", { timeout: 60_000 }, async () => {
  const running = place.start(["run", "worm.yaml", "--workers", "1", "--out", "twice"]);
  await running.printed(/^ *1\/11 /m);
  running.signal("SIGINT");
  running.signal("SIGINT");
  const { code, out } = await running.ended;
  expect(code).toBe(130);
  expect(out).not.toMatch(/^\s+at /m);
});
