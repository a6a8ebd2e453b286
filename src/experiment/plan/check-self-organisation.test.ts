import { describe, expect, it } from "vitest";
import { planSelfOrganisation } from "./plan-self-organisation.ts";
import { messageOf, resolvedOf } from "./self-organisation.fixture.ts";

const GOOD = `kind: self-organisation
network: { preset: delpapa2017, units: 100 }
phases:
  - { name: organise, steps: 1000 }
  - { name: frozen, steps: 100, freeze: all }
`;

const COUNTING = `kind: self-organisation
network: { preset: lazar2009, units: 100 }
input: { source: counting, n: 4 }
phases:
  - { name: organise, steps: 1000 }
  - { name: train, steps: 100, freeze: all, readout: train }
  - { name: test, steps: 100, freeze: all, readout: test }
analyses: [rates, readout]
`;

const withInput = (input: string) => COUNTING.replace(/input: .*/, `input: ${input}`);

describe("checkSelfOrganisation", () => {
  it.each([
    ["phases", GOOD],
    ["a task", COUNTING],
    ["trials with blanks", withInput("{ source: words, words: [ab, cd], blanks: { min: 2, max: 4 } }")],
    ["cues", withInput("{ source: ambiguous-cue, unitsPerSymbol: 5, mixed: [train, test] }")],
    ["both states of a readout", `${COUNTING}readout: { states: [E.x, E.r] }\n`],
    ["rules by their full names", GOOD.replace("freeze: all", "freeze: [E->E.stdp, E.ip]")],
    [
      "a network grown on a connectome",
      GOOD.replace(", units: 100", "").concat("connectome: { name: celegans }\nanalyses: [rates]\n"),
    ],
  ])("accepts %s", async (_, text) => {
    expect(await messageOf(text)).toBe("fine");
  });

  it.each([
    ["an unknown kind", GOOD.replace("kind: self-organisation", "kind: self-organization")],
    ["an unknown preset", GOOD.replace("delpapa2017", "delpapa2016")],
    ["an unknown key", GOOD.replace("units:", "unit:")],
    ["a phase without steps", GOOD.replace("steps: 100,", "steps: 0,")],
    ["an unknown rule to freeze", GOOD.replace("freeze: all", "freeze: [stpd, ip]")],
    ["an ablation the preset lacks", `${COUNTING}ablations: [none, istdp]\n`],
    ["a target rate of 1", GOOD.replace("units: 100", "units: 100, change: { targetRate: 1 }")],
    ["too few units for the preset's rate", GOOD.replace("delpapa2017, units: 100", "sorn-0.7.3, units: 20")],
    ["an input wider than the network", COUNTING.replace("n: 4", "n: 4, unitsPerSymbol: 20")],
    ["a pool wider than the network", COUNTING.replace("n: 4", "n: 4, unitsPerSymbol: 200, overlap: true")],
    [
      "rules of an input that there is not",
      GOOD.replace("units: 100", "units: 100, rules: { input->E: [{ name: sn, normalise: incoming }] }"),
    ],
    [
      "a variable that an input lacks",
      COUNTING.replace(
        "units: 100",
        "units: 100, rules: { input->E: [{ name: hebb, equations: w += 0.01 * pre.x * post.x }] }",
      ),
    ],
    ["target rates too far apart", GOOD.replace("units: 100", "units: 100, targetRates: { sd: 0.7 }")],
    ["an occluder over all but one place", withInput("{ source: occluder, positions: 6, hidden: 5 }")],
    [
      "probabilities of words that do not sum to 1",
      withInput("{ source: words, words: [ab, cd], probabilities: [0.5, 0.4] }"),
    ],
    [
      "a probability too many",
      withInput("{ source: poisson, letters: 2, probabilities: [0.5, 0.25, 0.25] }"),
    ],
    ["blanks that descend", withInput("{ source: words, words: [ab], blanks: { min: 5, max: 2 } }")],
    ["an unknown grammar", withInput("{ source: grammar, grammar: agrement }")],
    [
      "a grammar that leads nowhere",
      withInput(
        "{ source: grammar, grammar: { start: a, rules: { a: [{ emit: x, to: b, probability: 1 }] } } }",
      ),
    ],
    [
      "rules of a state that do not sum to 1",
      withInput(
        "{ source: grammar, grammar: { start: a, rules: { a: [{ emit: x, to: null, probability: 0.5 }] } } }",
      ),
    ],
    ["mixed cues in an unknown phase", withInput("{ source: ambiguous-cue, mixed: [tests] }")],
    [
      "a phase without the input that there is not",
      GOOD.replace("steps: 100,", "steps: 100, shows: nothing,"),
    ],
    ["a readout of nothing", COUNTING.replace("steps: 100, freeze", "steps: 100, shows: nothing, freeze")],
    ["a readout without input", COUNTING.replace(/input.*\n/, "")],
    [
      "a readout without a test",
      COUNTING.replace("readout: test", "freeze: all").replace("freeze: all, freeze: all", "freeze: all"),
    ],
    ["a phase for a readout that is not asked for", COUNTING.replace("[rates, readout]", "[rates]")],
    ["a state that no readout sees", `${COUNTING}readout: { states: [E.x, E.T] }\n`],
    ["a state read out twice", `${COUNTING}readout: { states: [E.x, E.x] }\n`],
    ["states of a readout that is not asked for", `${GOOD}readout: { states: [E.r] }\n`],
    ["spikes without a raster", `${GOOD}record: { raster: false }\n`],
    ["lifetimes without events", `${GOOD}record: { events: false }\n`],
    ["two phases of one name", GOOD.replace("frozen", "organise")],
    ["an unknown phase to analyse", `${GOOD}analyse: organize\n`],
    ["a rule left out twice", `${GOOD}ablations: [none, ip, ip]\n`],
    ["a size without windows", GOOD.replace("units: 100", "units: 120")],
    ["a window that descends", `${GOOD}avalanches: { duration: [20, 4] }\n`],
    ["a bad cell of a sweep", `${GOOD}sweep:\n  network.change.targetRate: [0.1, 0]\n`],
    ["a sweep over the seed", `${GOOD}sweep:\n  seed: [1, 2]\n`],
    ["words without a letter", COUNTING.replace("counting, n: 4", "words, words: [__]")],
  ])("explains %s", async (_, text) => {
    expect(await messageOf(text)).toMatchSnapshot();
  });
});

describe("planSelfOrganisation", () => {
  it("makes a job of each network, repeat and cell, whole networks first", () => {
    const text = `${GOOD}repeat: 2\nablations: [none, stdp]\nsweep:\n  network.change.noise: [0, 0.2]\n`;
    const { jobs, networks, cells } = planSelfOrganisation(resolvedOf(text));
    expect(networks.map(({ name }) => name)).toEqual(["full", "no-stdp"]);
    expect(cells).toBe(2);
    expect(jobs.map(({ id }) => id)).toEqual([
      "full.r0.noise=0",
      "full.r0.noise=0.2",
      "full.r1.noise=0",
      "full.r1.noise=0.2",
      "no-stdp.r0.noise=0",
      "no-stdp.r0.noise=0.2",
      "no-stdp.r1.noise=0",
      "no-stdp.r1.noise=0.2",
    ]);
    expect(jobs[0]).toMatchObject({ steps: 1100, fixed: { "network.change.noise": 0 } });
    expect(jobs[1].experiment.network.change.noise).toBe(0.2);
  });

  it("switches the rule off in every phase", () => {
    const { jobs } = planSelfOrganisation(resolvedOf(`${GOOD}ablations: [ip]\n`));
    expect(jobs[0].experiment.phases.map(({ freeze }) => freeze)).toEqual([["ip"], "all"]);
  });
});
