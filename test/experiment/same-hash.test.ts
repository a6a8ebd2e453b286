import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { decodeParquet } from "../../src/experiment/index.ts";
import { type Ended, ringCsv, workplace } from "./cajal-process.ts";

const place = workplace("hash");
beforeAll(() => place.write("ring.csv", ringCsv(40)));

/** Noise, three factors that run as instances, one that does not, two repeats, two nulls: 12 jobs of 12 cells. */
const NOISY = `name: noisy
connectome: { path: ring.csv }
nullModels: [{ kind: rewired, count: 2, swapsPerEdge: 2 }]
repeat: 2
network:
  input: { nodes: { random: 5 }, weights: normal }
  output: { nodes: { not: input } }
  noise: 0.05
task: { kind: memory-capacity, steps: 300, maxDelay: 6, washout: 50 }
sweep:
  network.spectralRadius: [0.5, 0.9, 1.1]
  network.neuron.leakRate: [0.3, 1]
  network.neuron.activation: [tanh, relu]
  network.input.gain: [0.5, 2]
`;

/** Whether or not noise is swept from zero. */
const SWEPT_NOISE = NOISY.replace("  noise: 0.05\n", "").replace(
  "  network.input.gain: [0.5, 2]",
  "  network.noise: [0, 0.1]",
);

const SCHEDULES: [what: string, options: string[]][] = [
  ["one worker", ["--workers", "1"]],
  ["two workers", ["--workers", "2"]],
  ["three workers", ["--workers", "3"]],
  ["no worker", ["--workers", "0"]],
  ["one instance a job", ["--workers", "2", "--instances", "1"]],
  ["seven instances a job", ["--workers", "2", "--instances", "7"]],
  ["five instances a job, one worker", ["--workers", "1", "--instances", "5"]],
];

/** Workers and instances changed at once. */
const MIXED = SCHEDULES.slice(-3);

interface Result {
  hash: string;
  jobs: { total: number; done: number; failed: number };
  cells: { total: number; failed: number };
  failures: { job: string; cell?: number; message: string }[];
}

function resultOf({ out }: Ended): Result {
  expect(out).toMatch(/^\{.*\}\n$/);
  return JSON.parse(out) as Result;
}

describe.each([
  ["noise", NOISY],
  ["noise in some cells only", SWEPT_NOISE],
])("the hash of an experiment with %s", (name, text) => {
  const file = `${name.replaceAll(" ", "-")}.yaml`;
  let first: Buffer;
  let hash: string;
  beforeAll(async () => {
    place.write(file, text);
    const ended = await place.cajal("run", file, "--workers", "2", "--json", "--out", `${file}-first`);
    expect(ended.code).toBe(0);
    hash = resultOf(ended).hash;
    first = readFileSync(place.path(`${file}-first/metrics.parquet`));
  }, 60_000);

  it.each(name === "noise" ? SCHEDULES : MIXED)(
    "is the same with %s",
    { timeout: 60_000 },
    async (what, options) => {
      const dir = `${file}-${what.replaceAll(" ", "-")}`;
      const ended = await place.cajal("run", file, ...options, "--json", "--out", dir);
      expect(ended.code).toBe(0);
      expect(resultOf(ended).hash).toBe(hash);
      // Not the hash alone: the file is the same.
      expect(readFileSync(place.path(dir, "metrics.parquet")).equals(first)).toBe(true);
    },
  );

  it("is another one for another seed", { timeout: 60_000 }, async () => {
    const ended = await place.cajal("run", file, "--set", "seed=2", "--json", "--out", `${file}-seed`);
    expect(resultOf(ended).hash).not.toBe(hash);
  });
});

describe("a cell that diverges", () => {
  const LINEAR = `name: linear
connectome: { path: ring.csv }
nullModels: [{ kind: rewired, count: 2, swapsPerEdge: 2 }]
network:
  neuron: { activation: linear }
  input: { nodes: { random: 5 } }
task: { kind: memory-capacity, steps: 3000, maxDelay: 6, washout: 50 }
sweep:
  network.spectralRadius: [0.5, 1.5, 0.9, 2]
`;
  /** Rows as text, of all cells but those that diverge. */
  const rowsOf = async (dir: string) => {
    const { table } = await decodeParquet(readFileSync(place.path(dir, "metrics.parquet")));
    const rows = Array.from({ length: table.rows }, (_, i) =>
      table.columns.map(({ values }) => values[i]).join(" "),
    );
    return { rows, radii: new Set(table.columns.find((c) => c.name === "spectralRadius")?.values) };
  };
  let hash: string;
  let ended: Ended;
  beforeAll(async () => {
    place.write("linear.yaml", LINEAR);
    ended = await place.cajal("run", "linear.yaml", "--workers", "2", "--json", "--out", "linear");
    hash = resultOf(ended).hash;
  }, 60_000);

  it("is listed with variable, unit and time, and the run ends with 1", () => {
    expect(ended.code).toBe(1);
    const { jobs, cells, failures } = resultOf(ended);
    // Every job is done: what diverged is a result too, of two cells in each of three networks.
    expect(jobs).toEqual({ total: 3, done: 3, failed: 0 });
    expect(cells).toEqual({ total: 12, failed: 6 });
    expect(failures.map(({ job, cell }) => `${job} ${cell}`)).toEqual(
      ["empirical.r0", "rewired-00.r0", "rewired-01.r0"].flatMap((job) => [`${job} 2`, `${job} 4`]),
    );
    for (const { message } of failures)
      expect(message).toMatch(
        /^at network\.spectralRadius = (1\.5|2): \w+ of unit \d+ was no longer finite in step \d+; lower/,
      );
    expect(ended.err).toContain("6 cells gave no result:");
    expect(ended.err).not.toMatch(/^\s+at /m);
    expect(JSON.parse(place.read("linear/run.json")).failures).toEqual(failures);
    expect(place.read("linear/report.html")).toContain("empirical.r0, cell 2");
  });

  it("takes nothing from the other cells", { timeout: 60_000 }, async () => {
    const args = ["run", "linear.yaml", "--json", "--set", "sweep.network.spectralRadius=[0.5, 0.9]"];
    const calm = await place.cajal(...args, "--out", "calm");
    expect(calm.code).toBe(0);
    expect((await rowsOf("linear")).radii).toEqual(new Set([0.5, 0.9]));
    expect((await rowsOf("linear")).rows).toEqual((await rowsOf("calm")).rows);
    // Rows alike, hash alike: it is of the metrics.
    expect(resultOf(calm).hash).toBe(hash);
  });

  it.each(MIXED)("diverges alike with %s", { timeout: 60_000 }, async (_, options) => {
    const dir = `linear${options.join("")}`;
    const again = await place.cajal("run", "linear.yaml", ...options, "--json", "--out", dir);
    expect(again.code).toBe(1);
    expect(resultOf(again).hash).toBe(hash);
    const { job: firstJob, ...first } = resultOf(ended).failures[0];
    const found = resultOf(again).failures.find(
      ({ job, cell }) => job.startsWith(firstJob) && cell === first.cell,
    );
    expect(found?.message).toBe(first.message);
  });

  it("does not run again with --resume, and is still said", { timeout: 60_000 }, async () => {
    const again = await place.cajal("run", "linear.yaml", "--json", "--out", "linear", "--resume");
    expect(again.code).toBe(1);
    expect(resultOf(again).hash).toBe(hash);
    expect(resultOf(again).failures).toEqual(resultOf(ended).failures);
  });
});
