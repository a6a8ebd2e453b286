import { describe, expect, it } from "vitest";
import { rulesSchema } from "../../spec/rules-schema.ts";
import { rulesWords } from "./rules-words.ts";

const RULES = rulesSchema.parse({
  "E->E": [
    { name: "hebb", equations: "w += eta * pre.x * post.x : max=1\n", parameters: { eta: 0.002 } },
    { name: "sp", births: 0.2 },
    { name: "sn", normalise: "both", rate: 0.1 },
  ],
  "I->E": [],
  E: { ip: "T += etaIp * (x - targetRate)" },
});

describe("rulesWords", () => {
  it("says what acts where, in order, and what varied", () => {
    expect(rulesWords(RULES)).toBe(
      "These learning rules, in this order, stood in place of the original ones: E→E synapses had hebb (w += eta * pre.x * post.x : max=1, eta = 0.002), sp (0.2 births per step at weight 0.001), sn (incoming and outgoing weights scaled to a sum of 1 at rate 0.1); I→E synapses had none; E units had ip (T += etaIp * (x - targetRate)).",
    );
    const swept = [
      "network.rules.E->E.0.parameters.eta",
      "network.rules.E->E.1.births",
      "network.rules.E.ip",
    ];
    const words = rulesWords(RULES, swept);
    expect(words).toContain("eta = [varied])");
    expect(words).toContain("[varied] births per step at weight 0.001");
    expect(words).toContain("ip ([varied])");
  });
});
