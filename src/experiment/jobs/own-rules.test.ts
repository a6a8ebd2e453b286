import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { planSelfOrganisation } from "../plan/plan-self-organisation.ts";
import { runExperiment } from "../runners/run-experiment.ts";
import { parseExperiment } from "../spec/parse-experiment.ts";
import { resolveSelfOrganisation } from "../spec/resolve-experiment.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cajal-rules-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const experiment = (rules: string) => `kind: self-organisation
name: rules
network:
  preset: delpapa2017
  units: 50
${rules}phases:
  - { name: organise, steps: 3000 }
  - { name: no-births, steps: 500, freeze: [sp, istdp] }
record: { connections: 100 }
analyses: [connections, rates]
`;

/** What the preset says of 50 units, spelt out. */
const PRESETS_OWN = `  rules:
    E->E:
      - name: stdp
        equations: "w += eta * (pre.x_prev * post.x - pre.x * post.x_prev) : max=1, prune=1e-10"
        parameters: { eta: 0.004 }
      - { name: sp, births: ${(0.1 * 50 * 49) / (200 * 199)} }
      - { name: sn, normalise: incoming }
    I->E:
      - name: istdp
        equations: "w -= eta * pre.y_prev * (1 - post.x * (1 + 1 / rate)) : min=0.001, max=1"
        parameters: { eta: 0.001, rate: 0.1 }
      - { name: sn, normalise: incoming, total: 1, rate: 1 }
    E: { ip: { equations: "T += etaIp * (x - targetRate)", parameters: { etaIp: 0.01 } } }
`;

let runs = 0;
async function hashOf(text: string, set: string[] = []): Promise<string> {
  const source = parseExperiment(text, { file: "experiment.yaml", set });
  const plan = planSelfOrganisation(resolveSelfOrganisation(source, { folder }));
  const result = await runExperiment(plan, { folder: join(folder, `${runs++}`), workers: 0 });
  expect(result).toMatchObject({ status: "finished", jobs: { done: 1, failed: 0 }, warnings: [] });
  expect(result.hash).toMatch(/^\w+$/);
  return result.hash!;
}

describe("a run with rules of its own", { timeout: 60_000 }, () => {
  it("gives the preset's hash with the preset's rules, another with others", async () => {
    const preset = await hashOf(experiment(""));
    const own = experiment(PRESETS_OWN);
    expect(await hashOf(own)).toBe(preset);
    const others = [
      "network.rules.E->E.0.parameters.eta=0.003",
      "network.rules.E->E.2.rate=0.5",
      "network.rules.I->E=[]",
      "network.rules.E.ip.parameters.etaIp=0.02",
    ];
    const hashes = new Set([preset]);
    for (const change of others) {
      const set = change.startsWith("network.rules.I->E") ? [change, "phases.1.freeze=[sp]"] : [change];
      hashes.add(await hashOf(own, set));
    }
    expect(hashes.size).toBe(1 + others.length);
  });
});
