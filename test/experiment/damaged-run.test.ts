import { cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { ringCsv, workplace } from "./cajal-process.ts";

const place = workplace("damaged");
const RUN = ["run", "ring.yaml", "--workers", "1", "--json", "--out"] as const;

let hash: string;
beforeAll(async () => {
  place.write("ring.csv", ringCsv(30));
  place.write(
    "ring.yaml",
    `name: ring
connectome: { path: ring.csv }
nullModels: [{ kind: rewired, count: 2 }]
network: { input: { nodes: { random: 4 } }, spectralRadius: 0.9 }
task: { kind: memory-capacity, steps: 300, maxDelay: 4, washout: 50 }
`,
  );
  const { code, out } = await place.cajal(...RUN, "whole");
  expect(code).toBe(0);
  hash = JSON.parse(out).hash;
}, 60_000);

/** What happens to one file of a finished run, and what `cajal report` says of it. */
const cases: [what: string, name: string, damage: (path: string) => void, says: RegExp][] = [
  [
    "metrics that are cut off",
    "metrics.parquet",
    (path) => truncateSync(path, 900),
    /metrics\.parquet is damaged: /,
  ],
  ["empty metrics", "metrics.parquet", (path) => truncateSync(path, 0), /metrics\.parquet is damaged: /],
  ["no metrics", "metrics.parquet", (path) => rmSync(path), /is not finished/],
  [
    "a matrix that is cut off",
    "weights.npy",
    (path) => truncateSync(path, 900),
    /weights\.npy: the file is cut off/,
  ],
  ["no matrix", "weights.npy", (path) => rmSync(path), /weights\.npy is missing/],
  [
    "half a connectome",
    "connectome.json",
    (path) => truncateSync(path, 300),
    /connectome\.json is damaged: /,
  ],
  [
    "half an experiment",
    "experiment.yaml",
    (path) => truncateSync(path, 200),
    /experiment\.yaml is damaged: /,
  ],
  [
    "an empty experiment",
    "experiment.yaml",
    (path) => truncateSync(path, 0),
    /experiment\.yaml is damaged: /,
  ],
  ["no experiment", "experiment.yaml", (path) => rmSync(path), /experiment\.yaml is missing/],
];

describe.each(cases)("a run with %s", (what, name, damage, says) => {
  const dir = what.replaceAll(" ", "-");

  it("has no report, and says why in one screen", { timeout: 60_000 }, async () => {
    cpSync(place.path("whole"), place.path(dir), { recursive: true });
    damage(place.path(dir, name));
    const { code, out, err } = await place.cajal("report", dir);
    expect(code).toBe(2);
    expect(out).toBe("");
    expect(err).toMatch(/^error {2}/);
    expect(err).toMatch(says);
    expect(err).toContain("--resume");
    expect(err).not.toMatch(/^\s+at |internal error/m);
    expect(err.trimEnd().split("\n").length).toBeLessThanOrEqual(24);
  });

  it("is mended by --resume, without running a job", { timeout: 60_000 }, async () => {
    const { code, out, err } = await place.cajal(...RUN, dir, "--resume");
    expect([code, err]).toEqual([0, err]);
    expect(JSON.parse(out)).toMatchObject({ hash, warnings: [] });
    expect(err).toContain("3 of 3 jobs kept");
    for (const file of ["metrics.parquet", "weights.npy", "connectome.json", "experiment.yaml"])
      expect(readFileSync(place.path(dir, file)).equals(readFileSync(place.path("whole", file))), file).toBe(
        true,
      );
    expect((await place.cajal("report", dir)).code).toBe(0);
  });
});

describe("a run without its manifest", () => {
  it.each(["", "{", "null", "[]", '{"format":"cajal-run"}', '{"format":"other"}'])(
    "%j is not taken for one",
    { timeout: 60_000 },
    async (text) => {
      const dir = "manifest";
      rmSync(place.path(dir), { recursive: true, force: true });
      cpSync(place.path("whole"), place.path(dir), { recursive: true });
      writeFileSync(place.path(dir, "run.json"), text);
      for (const args of [
        ["report", dir],
        [...RUN, dir, "--resume"],
      ]) {
        const { code, err } = await place.cajal(...args);
        expect(code).toBe(2);
        expect(err).toMatch(/^error {2}manifest: run\.json is damaged, or not one of Cajal's\n/);
        expect(err).not.toMatch(/^\s+at /m);
      }
      expect(place.read(join(dir, "run.json"))).toBe(text);
    },
  );
});
