import { describe, expect, it } from "vitest";
import { createRng } from "../../../core/index.ts";
import { SelfOrganisation } from "../../../learning/index.ts";
import { parseExperiment } from "../../spec/parse-experiment.ts";
import { resolveSelfOrganisation } from "../../spec/resolve-experiment.ts";
import { buildNetwork, targetRateOf } from "./build-network.ts";
import { symbolsDrive } from "./symbol-source.ts";

function experimentOf(network: string) {
  const text = `kind: self-organisation\nnetwork: ${network}\ninput: { source: counting, n: 2, unitsPerSymbol: 5 }\nphases: [{ name: organise, steps: 300 }, { name: frozen, steps: 50, freeze: [hebb] }]\n`;
  const source = parseExperiment(text, { file: "experiment.yaml" });
  return resolveSelfOrganisation(source, { folder: "/" }).experiment;
}

describe("buildNetwork", () => {
  it("lets rules of one's own act on the synapses of the input, until they are frozen", () => {
    const experiment = experimentOf(
      "{ preset: lazar2009, units: 50, rules: { input->E: [{ name: hebb, equations: 'w += eta * pre.r * (0.6 * post.x - w)', parameters: { eta: 0.1 } }] } }",
    );
    const network = buildNetwork(experiment, undefined, createRng(3));
    const { phases, input } = experiment;
    const drive = symbolsDrive({ phases, input: input! }, createRng(3).stream("input"));
    const run = new SelfOrganisation({ network, seed: 1, phases, drive });
    const weights = () => [...run.simulation.weights("input->E").values];
    expect(run.simulation.rules).toContain("input->E.hebb");
    run.advance(300);
    const learnt = weights();
    expect(learnt).toHaveLength(30);
    // From the gain of 1 towards 0.6 wherever the unit fires when its symbol is shown.
    for (const w of learnt) expect(w > 0 && w < 0.9).toBe(true);
    run.advance(50);
    expect(weights()).toEqual(learnt);
  });

  it("draws a target rate for each unit around that of the preset or of the file", () => {
    for (const [change, mean] of [
      ["", 0.1],
      ["change: { targetRate: 0.2 }, ", 0.2],
    ] as const) {
      const experiment = experimentOf(
        `{ preset: delpapa2017, units: 400, ${change}targetRates: { sd: 0.02, law: lognormal } }`,
      );
      const rates = targetRateOf(buildNetwork(experiment, undefined, createRng(3)));
      const found = rates.reduce((sum, r) => sum + r, 0) / rates.length;
      const sd = Math.sqrt(rates.reduce((sum, r) => sum + (r - found) ** 2, 0) / rates.length);
      expect(rates).toHaveLength(400);
      expect(Math.abs(found - mean)).toBeLessThan(0.004);
      expect(Math.abs(sd - 0.02)).toBeLessThan(0.003);
      expect(targetRateOf(buildNetwork(experiment, undefined, createRng(3)))).toEqual(rates);
    }
  });

  it("gives units the rates that are drawn for them", () => {
    const experiment = experimentOf("{ preset: delpapa2017, units: 50, targetRates: { sd: 0.04 } }");
    const network = buildNetwork({ ...experiment, input: undefined }, undefined, createRng(3));
    const wanted = targetRateOf(network);
    const phases = [
      { name: "settle", steps: 3000 },
      { name: "rest", steps: 20_000 },
    ];
    const run = new SelfOrganisation({ network: { ...network, inputs: [] }, seed: 1, phases });
    run.advance(run.steps);
    const { rates } = run.result().phases[1];
    rates!.forEach((rate, u) => {
      expect(Math.abs(rate - wanted[u])).toBeLessThan(0.01);
    });
  });
});
