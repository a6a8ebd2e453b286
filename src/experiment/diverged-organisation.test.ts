import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { planSelfOrganisation } from "./plan/plan-self-organisation.ts";
import { type RunResult, runExperiment } from "./runners/run-experiment.ts";
import { readOrganisation } from "./self-organisation-report.ts";
import { parseExperiment } from "./spec/parse-experiment.ts";
import { resolveSelfOrganisation } from "./spec/resolve-experiment.ts";

/** Of its three cells the one in the middle has no bounds. */
const TEXT = `kind: self-organisation
name: explosive
network:
  preset: zheng2013
  units: 50
  rules:
    E->E:
      - { name: grow, equations: "w *= 1 + (factor - 1) * post.x", parameters: { factor: 1 } }
phases:
  - { name: organise, steps: 1500 }
  - { name: frozen, steps: 100, freeze: all }
record: { connections: 100 }
analyses: [connections, rates]
sweep: { "network.rules.E->E.0.parameters.factor": [1, 1e40, 1.0001] }
`;

let folder: string;
let result: RunResult;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cajal-explode-"));
  const source = parseExperiment(TEXT, { file: "experiment.yaml" });
  const plan = planSelfOrganisation(resolveSelfOrganisation(source, { folder }));
  result = await runExperiment(plan, { folder: join(folder, "a"), workers: 0 });
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

describe("a rule of one's own that explodes", () => {
  it("fails its own cell with the weight, the time and what to do, and the grid goes on", async () => {
    const { failures, settings } = await readOrganisation(join(folder, "a"));
    expect(result.status).toBe("finished");
    expect(failures).toHaveLength(1);
    expect(failures[0].message).toMatch(
      /^a weight of E->E is no longer finite at t = \d+ ms; lower its learning rate, or clamp it\.$/,
    );
    expect(settings.map(({ seeds }) => seeds.length)).toEqual([1, 0, 1]);
    for (const { seeds } of settings) {
      for (const { metrics } of seeds) expect(Object.values(metrics).every(Number.isFinite)).toBe(true);
    }
  });

  it("is named in the report, which has no NaN", () => {
    const report = readFileSync(join(folder, "a", "report.html"), "utf8");
    expect(report).toContain("no longer finite");
    const text = report.replaceAll(/<svg.*?<\/svg>/gs, "").replaceAll(/<[^>]+>/g, " ");
    expect(text).not.toMatch(/NaN|undefined|\[object|Infinity/);
  });
});
