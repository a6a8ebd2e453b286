import { describe, expect, it } from "vitest";
import { planSelfOrganisation } from "./plan-self-organisation.ts";
import { messageOf, resolvedOf } from "./self-organisation.fixture.ts";

const OWN = `kind: self-organisation
network:
  preset: delpapa2017
  units: 50
  rules:
    E->E:
      - { name: hebb, equations: "w += eta * (pre.x_prev * post.x - pre.x * post.x_prev) : max=1, prune=0", parameters: { eta: 0.002 } }
      - { name: sp, births: 0.2 }
      - { name: sn, normalise: incoming }
    I->E:
      - name: balance
        equations: |
          a = 1 / 10
          w -= a * pre.y_prev * (1 - post.x) : min=0.001, max=1
    E->I: [{ name: decay, equations: "w -= 0.001 * w" }]
    E:
      ip: "T += etaIp * (x - targetRate)"
      slow: { equations: "m += slowness * (x - m)", parameters: { slowness: 0.01 } }
phases:
  - { name: organise, steps: 1000 }
  - { name: frozen, steps: 100, freeze: [hebb, slow, E->I.decay] }
ablations: [none, I->E.balance]
`;

describe("rules of an experiment's own", () => {
  it("are accepted with the freezes and ablations that name them", async () => {
    expect(await messageOf(OWN)).toBe("fine");
    expect(await messageOf(OWN, ["network.rules.E->E.0.parameters.eta=0.1"])).toBe("fine");
  });

  it.each([
    ["a misspelt parameter", OWN.replace("w += eta", "w += etta")],
    ["a misspelt variable of a unit", OWN.replace("post.x_prev", "post.x_prv")],
    ["a variable of the wrong side", OWN.replace("pre.y_prev", "pre.x_prev")],
    ["an open bracket in a block of text", OWN.replace("(1 - post.x)", "(1 - post.x")],
    ["a misspelt name in a rule of a unit", OWN.replace("x - targetRate", "x - tragetRate")],
    ["a misspelt name in a unit's later rule", OWN.replace("slowness * (x", "slownes * (x")],
    ["a parameter that is never read", OWN.replace("eta: 0.002", "eta: 0.002, tau: 3")],
    ["an unknown projection", OWN.replace("    E->I:", "    E->A:")],
    ["an unknown key", OWN.replace("births: 0.2", "brths: 0.2")],
    ["keys of two kinds", OWN.replace("births: 0.2", "births: 0.2, rate: 1")],
    ["a kind of normalisation that is none", OWN.replace("normalise: incoming", "normalise: ingoing")],
    ["a rate above 1", OWN.replace("normalise: incoming", "normalise: incoming, rate: 2")],
    ["no rules where synapses are recorded", OWN.replace(/E->E:\n( {6}.*\n){3}/, "E->E: []\n")],
    ["two rules of one name", OWN.replace("name: sp", "name: sn")],
    ["a name with a meaning", OWN.replace("name: sp", "name: all")],
    ["a name that is none", OWN.replace("name: sp", "name: s-p")],
    ["a freeze of a rule that is replaced", OWN.replace("freeze: [hebb", "freeze: [stdp")],
    ["an ablation of a rule that is replaced", OWN.replace("I->E.balance", "istdp")],
    ["a change of a rule that is replaced", OWN.replace("units: 50", "units: 50\n  change: { births: 1 }")],
    ["a sweep into nothing", `${OWN}sweep:\n  network.rules.E->E.3.parameters.eta: [0.1, 0.2]\n`],
    ["a sweep of a misspelt parameter", `${OWN}sweep:\n  network.rules.E->E.0.parameters.etta: [0.1]\n`],
    ["a bad value in a sweep", `${OWN}sweep:\n  network.rules.E->E.1.births: [0.1, -1]\n`],
  ])("explain %s", async (_, text) => {
    expect(await messageOf(text)).toMatchSnapshot();
  });

  it("can be swept, with names of jobs that every file system knows", () => {
    const sweep = `sweep:
  network.rules.E->E.0.parameters.eta: [0.001, 0.002]
  network.rules.I->E: [[], [{ name: sn, normalise: outgoing }]]
`;
    const { jobs } = planSelfOrganisation(resolvedOf(OWN.replace(/ablations.*\n/, "") + sweep));
    expect(jobs.map(({ id }) => id)).toEqual([
      "full.r0.eta=0.001.I-E=0th",
      "full.r0.eta=0.001.I-E=1th",
      "full.r0.eta=0.002.I-E=0th",
      "full.r0.eta=0.002.I-E=1th",
    ]);
    const { rules } = jobs[3].experiment.network;
    expect(rules?.["E->E"]?.[0]).toMatchObject({ name: "hebb", parameters: { eta: 0.002 } });
    expect(rules?.["I->E"]).toEqual([{ name: "sn", normalise: "outgoing", total: 1, rate: 1 }]);
  });
});
