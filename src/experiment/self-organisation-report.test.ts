import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { planSelfOrganisation } from "./plan/plan-self-organisation.ts";
import { decodeArchive } from "./results/array-archive.ts";
import { type RunResult, runExperiment } from "./runners/run-experiment.ts";
import { readOrganisation } from "./self-organisation-report.ts";
import { parseExperiment } from "./spec/parse-experiment.ts";
import { resolveSelfOrganisation } from "./spec/resolve-experiment.ts";

const TEXT = `kind: self-organisation
name: small
network: { preset: delpapa2017, units: 100 }
input: { source: counting, n: 2, unitsPerSymbol: 5 }
phases:
  - { name: organise, steps: 15000 }
  - { name: train, steps: 2000, freeze: all, readout: train }
  - { name: test, steps: 2000, freeze: all, readout: test }
record: { connections: 500, weights: 5000 }
perturbation: { trials: 10, steps: 30 }
analyses: [connections, rates, spikes, avalanches, weights, lifetimes, perturbation, readout]
readout: { states: [E.x, E.r] }
ablations: [none, ip, all]
repeat: 2
`;

let folder: string;
let result: RunResult;
let report: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cajal-organise-"));
  const source = parseExperiment(TEXT, { file: "experiment.yaml" });
  const plan = planSelfOrganisation(resolveSelfOrganisation(source, { folder }));
  result = await runExperiment(plan, { folder: join(folder, "a"), workers: 0 });
  report = readFileSync(join(folder, "a", "report.html"), "utf8");
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

describe("a run of networks that organise themselves", () => {
  it("measures what was asked for in every network", async () => {
    expect(result).toMatchObject({ status: "finished", jobs: { done: 6, failed: 0 } });
    const { settings } = await readOrganisation(join(folder, "a"));
    expect(settings.map(({ network, seeds }) => [network, seeds.length])).toEqual([
      ["full", 2],
      ["no-ip", 2],
      ["static", 2],
    ]);
    const [full, , fixed] = settings.map(({ seeds }) => seeds[0].metrics);
    expect(full.meanRate).toBeGreaterThan(0.09);
    expect(full.meanRate).toBeLessThan(0.11);
    expect(full.connectionsEnd).toBeLessThan(full.connectionsStart);
    expect(full.lifetimeMedian).toBeGreaterThan(10);
    expect(full.position).toBeGreaterThan(0.5);
    for (const metric of ["nextSymbol", "lastSymbol", "position", "normalisedScore"]) {
      const [seen, internal] = [full[metric], full[`${metric}Internal`]];
      expect(internal).toBeGreaterThan(0.2);
      expect(internal).not.toBe(seen);
    }
    expect(full.perturbationDistance).toBeGreaterThanOrEqual(0);
    expect(full.perturbationDistance).toBeLessThan(full.perturbationUnrelated * 1.5);
    expect(fixed.connectionsEnd).toBe(fixed.connectionsStart);
    expect(fixed.birthsPerStep).toBe(0);
  });

  it("keeps arrays of the whole run", () => {
    expect(readdirSync(join(folder, "a", "records")).length).toBe(6);
    const name = "full.r0.npz";
    const arrays = decodeArchive(readFileSync(join(folder, "a", "records", name)), { name });
    expect(arrays.raster.shape).toEqual([19_000, 13]);
    expect(arrays.activity.shape).toEqual([19_000]);
    expect(arrays.connections.shape).toEqual([38]);
    expect(arrays.phases.values).toEqual(Uint32Array.of(0, 15_000, 15_000, 2000, 17_000, 2000));
    const { raster, activity, weights } = arrays;
    const ones = (byte: number) => byte.toString(2).replaceAll("0", "").length;
    const last = [...raster.values.subarray(-13)].reduce((sum, byte) => sum + ones(byte), 0);
    expect(last).toBe(activity.values.at(-1));
    expect(arrays.connections.values.at(-1)).toBe(weights.values.length);
    // A copy every 5000 steps; nothing changes after 15000.
    expect(arrays.weights_15000.values).toEqual(weights.values);
    expect(arrays.weights_10000.values).not.toEqual(weights.values);
    // Row 0 is the flip of one unit.
    expect([arrays.divergence.shape, arrays.divergence.values[0]]).toEqual([[31], 1]);
    expect(arrays.divergence_alive.values[0]).toBe(1);
  });

  it("is reported with what it does not show", () => {
    for (const words of [
      "What this does not show",
      "Is it critical?",
      "With and without each rule",
      "Methods, ready to paste",
      "too few to know it well",
      "Exponents prove nothing by themselves",
      "nearly blind to counting",
      "from the internal prediction x*",
      "separately, of the internal predictions",
      "PLoS ONE 12, e0178683",
      "Active units",
      "How much the",
      "Twin runs from the end of the run",
      "One flipped unit",
      "Pairs of excitatory units with a correlation of",
      result.hash ?? "",
    ])
      expect(report).toContain(words);
    expect(report.match(/<figure>/g)?.length).toBeGreaterThanOrEqual(12);
    const text = report.replaceAll(/<svg.*?<\/svg>/gs, "").replaceAll(/<[^>]+>/g, " ");
    expect(text).not.toMatch(/NaN|undefined|\[object/);
  });

  it("shares wiring, noise and input among networks of one repeat", () => {
    const start = (job: string) => {
      const name = `${job}.npz`;
      return decodeArchive(readFileSync(join(folder, "a", "records", name)), { name }).activity.values.slice(
        0,
        2,
      );
    };
    expect(start("full.r0")).toEqual(start("no-ip.r0"));
    expect(start("full.r0")).not.toEqual(start("full.r1"));
  });

  it("gives the same numbers when it is run again", { timeout: 60_000 }, async () => {
    const source = parseExperiment(TEXT, { file: "experiment.yaml", set: ["repeat=1", "ablations=[ip]"] });
    const plan = planSelfOrganisation(resolveSelfOrganisation(source, { folder }));
    const run = { folder: join(folder, "b"), workers: 0 };
    const { hash } = await runExperiment(plan, run);
    const name = join("records", "no-ip.r0.npz");
    const records = (of: string) => readFileSync(join(folder, of, name));
    expect(records("b").equals(records("a"))).toBe(true);
    // Arrays that are gone or cut off are made again.
    const path = join(folder, "b", name);
    const bytes = records("a").length;
    for (const [damage, what] of [
      [() => rmSync(path), "is missing"],
      [() => truncateSync(path, bytes - 1), `is cut off, ${bytes - 1} of ${bytes} bytes are left`],
    ] as const) {
      damage();
      const damaged: string[] = [];
      const planned = (_: unknown, __: unknown, found: readonly string[]) => damaged.push(...found);
      expect(await runExperiment(plan, { ...run, resume: true, listener: { planned } })).toMatchObject({
        hash,
      });
      expect(damaged).toEqual([`records/no-ip.r0.npz ${what}`]);
      expect(records("b").equals(records("a"))).toBe(true);
    }
  });
});
