import { describe, expect, it } from "vitest";
import { createRng, createStream, dense, onWarning, sparseFromEntries } from "../../core/index.ts";
import {
  delpapa2017,
  input,
  lazar2009,
  network,
  neuron,
  normalisation,
  population,
  projection,
  synapse,
  synapticRule,
} from "../../model/index.ts";
import { countingTask, symbolPools } from "../../tasks/index.ts";
import { symbolDrive } from "./drive.ts";
import { packData } from "./pack-data.ts";
import { freezeAllBut, type Phase, ruleNames } from "./phases.ts";
import { SelfOrganisation } from "./self-organisation.ts";
import type { SelfOrganisationOptions } from "./self-organisation-options.ts";

const PHASES: Phase[] = [
  { name: "settle", steps: 700, record: false },
  { name: "plastic", steps: 900 },
  { name: "no stdp", steps: 300, freeze: ["stdp", "E.ip"] },
  { name: "frozen", steps: 500, freeze: "all" },
];

const words = symbolDrive((piece, rng) => countingTask({ n: 4, ...piece }, rng), {
  rng: createStream("1/input"),
});

function options(change: Partial<SelfOrganisationOptions> = {}): SelfOrganisationOptions {
  const rng = createRng(1);
  const inputWeights = symbolPools({ symbols: 6, size: 60, unitsPerSymbol: 4, rng: rng.stream("pools") });
  return {
    network: delpapa2017({ units: 60, inputWeights, change: { births: 0.4 } }, rng.stream("network")),
    seed: 1,
    phases: PHASES,
    drive: words,
    record: { raster: true, synapses: [{ projection: "E->E", every: 10, events: true, snapshots: 250 }] },
    ...change,
  };
}

function finished(change: Partial<SelfOrganisationOptions> = {}) {
  const run = new SelfOrganisation(options(change));
  run.advance(run.steps);
  return run;
}

describe("SelfOrganisation", () => {
  const whole = finished();

  it("gives the same whatever the pieces it is run in, and wherever it is saved and gone on with", () => {
    const pieces = new SelfOrganisation(options());
    for (const steps of [1, 698, 1, 77, 400, 423]) pieces.advance(steps);
    const other = new SelfOrganisation(options());
    other.restore(pieces.save());
    expect([other.step, other.phase?.name]).toEqual([1600, "no stdp"]);
    other.advance(123);
    const third = new SelfOrganisation(options());
    third.restore(other.save());
    expect(third.advance(10_000).steps).toBe(2400 - 1723);
    expect(third.result()).toEqual(whole.result());
    expect(third.advance(5).steps).toBe(0);
  });

  it("records what happened: counts follow births and deaths, activity the raster, rates the activity", () => {
    const { phases, status } = whole.result();
    expect(status).toBe("done");
    expect(phases.map((p) => [p.name, p.firstStep, p.steps])).toEqual([
      ["settle", 0, 700],
      ["plastic", 700, 900],
      ["no stdp", 1600, 300],
      ["frozen", 1900, 500],
    ]);
    const [settle, plastic, , frozen] = phases;
    expect([settle.activity, settle.raster, settle.synapses["E->E"].births]).toEqual([
      undefined,
      undefined,
      0,
    ]);
    const { counts, births, deaths, events, weights, snapshots } = plastic.synapses["E->E"];
    expect(counts.length).toBe(90);
    expect(events.length).toBe(3 * (births + deaths));
    expect(births).toBeGreaterThan(300);
    expect(counts[89]).toBe(weights!.values.length);
    expect(settle.synapses["E->E"].weights!.values.length + births - deaths).toBe(counts[89]);
    expect(snapshots.map((s) => s.step)).toEqual([749, 999, 1249, 1499]);
    const spikes = plastic.activity!.reduce((a, b) => a + b, 0);
    expect(plastic.rates!.reduce((a, b) => a + b, 0) * 900).toBeCloseTo(spikes, 9);
    const ones = plastic.raster!.bits.reduce(
      (sum, byte) => sum + byte.toString(2).replaceAll("0", "").length,
      0,
    );
    expect(ones).toBe(spikes);
    expect(frozen.synapses["E->E"].births + frozen.synapses["E->E"].deaths).toBe(0);
  });

  it("keeps rasters of further variables in the phases that ask, across saving, and nothing else changes", () => {
    const phases: Phase[] = PHASES.map((phase) =>
      phase.name === "frozen" ? { ...phase, rasters: ["E.r", "I.y"] } : phase,
    );
    const run = new SelfOrganisation(options({ phases }));
    run.advance(2000);
    const other = new SelfOrganisation(options({ phases }));
    other.restore(run.save());
    const monitor = other.simulation.monitor("E.r");
    other.advance(400);
    const { phases: results } = other.result();
    expect(results.slice(0, 3)).toEqual(whole.result().phases.slice(0, 3));
    const { rasters = {}, ...frozen } = results[3];
    expect(frozen).toEqual(whole.result().phases[3]);
    const { "E.r": r, "I.y": y } = rasters;
    expect([r.units, r.steps, r.bits.length, y.units, y.steps]).toEqual([60, 500, 500 * 8, 12, 500]);
    const bit = (step: number, unit: number) => (r.bits[step * 8 + (unit >> 3)] >> (unit & 7)) & 1;
    const seen = Array.from(monitor.data().values);
    expect(seen).toEqual(Array.from(seen, (_, k) => bit(100 + Math.floor(k / 60), k % 60)));
    // x has seen the input, r has not.
    expect(r.bits).not.toEqual(frozen.raster!.bits);
    expect(() => new SelfOrganisation(options({ phases: [{ ...phases[3], rasters: ["E.q"] }] }))).toThrow(
      '"E.q"',
    );
  });

  it("switches the rules of each phase off and on", () => {
    const { phases } = whole.result();
    const [, plastic, noStdp, frozen] = phases;
    expect(noStdp.frozen).toEqual(["E->E.stdp", "E.ip"]);
    expect(frozen.frozen).toEqual(ruleNames(options().network));
    expect(noStdp.thresholds).toEqual(plastic.thresholds);
    expect(noStdp.synapses["I->E"].weights).not.toEqual(plastic.synapses["I->E"].weights);
    expect(frozen.synapses["I->E"].weights).toEqual(noStdp.synapses["I->E"].weights);
  });

  it("goes on from one image in several ways", () => {
    const run = new SelfOrganisation(options());
    run.advance(1600);
    const branch = new SelfOrganisation(
      options({ phases: [...PHASES.slice(0, 2), { name: "all on", steps: 50 }] }),
    );
    branch.restore(run.save());
    branch.advance(50);
    expect(branch.result().phases[1]).toEqual(whole.result().phases[1]);
    expect(branch.result().phases[2].frozen).toEqual([]);
  });

  it("runs instances side by side, each as alone", () => {
    const several = finished({ seed: [1, 5, 9] });
    expect(several.result(0)).toEqual(whole.result());
    expect(several.result(2)).toEqual(finished({ seed: 9 }).result());
  });

  it("refuses what cannot run, or cannot go on", () => {
    const make = (change: Partial<SelfOrganisationOptions>) => () => new SelfOrganisation(options(change));
    expect(make({ phases: [] })).toThrow("SelfOrganisation: no phases given, nothing would run.");
    expect(make({ phases: [{ name: "a", steps: 0.5 }] })).toThrow(
      'phase "a": steps must be a whole number ≥ 1, got 0.5',
    );
    expect(make({ phases: [{ name: "a", steps: 5, freeze: ["stpd"] }] })).toThrow(
      'phase "a": there is no rule "stpd". Did you mean "stdp"?',
    );
    expect(make({ drive: { input: new Float64Array(12) } })).toThrow(
      'drive of "input": 12 values for 2400 steps of 6 inputs. Give shape (time, input) for all phases together, or a function.',
    );
    expect(make({ drive: { inptu: new Float64Array(12) } })).toThrow('Did you mean "input"?');
    const run = new SelfOrganisation(options({ drive: () => ({ input: [1, 2] }) }));
    expect(() => run.advance(3)).toThrow('input "input": the drive gave 2 values for 3 steps of 6 inputs.');
    const saved = whole.save();
    expect(() => run.restore(saved.subarray(0, 2000))).toThrow("restore: the record is cut short");
    expect(() => run.restore(new Uint8Array(99))).toThrow("restore: these bytes are no record of a run.");
    expect(() => new SelfOrganisation(options({ seed: 2 })).restore(saved)).toThrow(
      "restore: the run was saved with another seed or other recordings.",
    );
    const other = new SelfOrganisation(options({ phases: [{ name: "settle", steps: 701, record: false }] }));
    expect(() => other.restore(saved)).toThrow('restore: phase 1 was "settle" with other steps or rules.');
    expect(() => packData({ big: new BigInt64Array(1) })).toThrow(
      "packData: a BigInt64Array cannot be packed",
    );
    expect(() => freezeAllBut(options().network, ["ips"])).toThrow('freezeAllBut: there is no rule "ips".');
  });
});

describe("a run that goes wrong", () => {
  const run = (net: SelfOrganisationOptions["network"], change: Partial<SelfOrganisationOptions> = {}) => {
    const made = new SelfOrganisation({
      network: net,
      seed: 1,
      phases: [{ name: "plastic", steps: 1500 }],
      ...change,
    });
    const status = made.advance(made.steps);
    return { status, result: made.result() };
  };
  const rng = createRng(3);

  it("says when activity explodes, or dies", () => {
    const hot = lazar2009(
      { units: 40, change: { thresholds: { E: new Float64Array(40).fill(-9), I: new Float64Array(8) } } },
      rng,
    );
    const { result } = run(hot, { phases: [{ name: "hot", steps: 200, freeze: "all" }] });
    expect(result.status).toBe("doubtful");
    expect(result.warnings).toEqual([
      {
        code: "rate-exploded",
        phase: "hot",
        grave: true,
        message:
          "E.x is active in 1 of all units and steps over the last 200 steps: the rate has exploded; switch intrinsic plasticity and normalisation on, or strengthen inhibition.",
      },
    ]);
    const cold = lazar2009(
      { units: 40, change: { thresholds: { E: new Float64Array(40).fill(9), I: new Float64Array(8) } } },
      rng,
    );
    expect(run(cold).result.warnings.map((w) => w.code)).toEqual(["rate-zero"]);
  });

  it("says when units have lost their last synapse, and stays finite", () => {
    const change = { rates: { stdp: 0.9, ip: 0.01, istdp: 0 }, noise: 0.2, normalisation: { rate: 1e-9 } };
    const { result } = run(lazar2009({ units: 40, inDegree: 2, change }, rng));
    const emptied = result.warnings.find((w) => w.code === "units-emptied");
    expect(emptied?.message).toMatch(/^\d+ units lost the last incoming synapse of E->E \(/);
    expect(result.status).toBe("doubtful");
    expect(result.phases[0].thresholds!.every(Number.isFinite)).toBe(true);
  });

  it("says when the target rate is no rate, or is missed", () => {
    const targets = new Float64Array(40).fill(0.1);
    targets[7] = 1;
    // Presets refuse such a rate; a network of one's own can have it.
    const net = delpapa2017({ units: 40 }, rng);
    const { result } = run({
      ...net,
      populations: net.populations.map((p) =>
        p.name === "E" ? { ...p, parameters: { ...p.parameters, targetRate: targets } } : p,
      ),
    });
    expect(result.warnings[0].message).toBe(
      "the target rate of unit 7 of E.x is 1: its threshold moves without end; aim between 0 and 1.",
    );
    const slow = delpapa2017(
      { units: 40, change: { targetRate: 0.4, rates: { stdp: 0.004, ip: 1e-6, istdp: 0.001 } } },
      rng,
    );
    expect(run(slow).result.warnings.map((w) => w.code)).toEqual(["rate-off-target"]);
  });

  it("says when births find no room", () => {
    const net = delpapa2017({ units: 40, change: { births: 5 } }, rng);
    const tight = network({
      ...net,
      projections: net.projections.map((p) => (p.name === "E->E" ? { ...p, incomingCapacity: 12 } : p)),
    });
    const restore = onWarning(() => {});
    expect(run(tight).result.warnings.map((w) => w.code)).toEqual(["births-refused"]);
    restore();
  });

  it("stops where it diverges, without NaN in what it leaves", () => {
    const hebb = synapticRule("hebb", synapse({ equations: "w += 0.5 * pre.r * post.r" }));
    const growing = network({
      populations: [population("E", { size: 3, neuron: neuron({ equations: "r = 1 + sum(exc)" }) })],
      projections: [
        projection("E", "E", { weights: dense(3, 3, new Float64Array(9).fill(0.5)), plasticity: [hebb] }),
      ],
    });
    const made = new SelfOrganisation({
      network: growing,
      seed: 1,
      activityOf: "E.r",
      phases: [
        { name: "a", steps: 100 },
        { name: "b", steps: 100 },
      ],
      record: { synapses: [{ projection: "E->E", snapshots: 1 }] },
    });
    const status = made.advance(200);
    expect(status.status).toBe("diverged");
    expect(status.steps).toBeLessThan(40);
    const { phases, status: how } = made.result();
    expect(how).toBe("diverged");
    expect(phases).toHaveLength(1);
    expect(phases[0].warnings[0].message).toMatch(/no longer finite at t = \d+ ms|became .* at t = \d+ ms/);
    expect(phases[0].synapses["E->E"].weights).toBeUndefined();
    expect(phases[0].synapses["E->E"].snapshots.every((s) => s.weights.values.every(Number.isFinite))).toBe(
      true,
    );
    expect(made.advance(10).steps).toBe(0);
  });

  it("keeps the others going when one instance diverges", () => {
    const grow = neuron({ parameters: { a: 1 }, equations: "x = a * x + sum(exc)" });
    const net = network({
      populations: [population("E", { size: 2, neuron: grow, initial: { x: 1 } })],
      inputs: [input("input", 1)],
      projections: [
        projection("input", "E", {
          weights: sparseFromEntries({ rows: 2, columns: 1 }, { post: [0], pre: [0], values: [1] }),
          plasticity: [normalisation("sn")],
        }),
      ],
    });
    const made = new SelfOrganisation({
      network: net,
      seed: [1, 2],
      phases: [{ name: "a", steps: 500 }],
      simulation: { parameters: { "E.a": [1e9, 0.5] } },
    });
    expect(made.advance(500)).toMatchObject({ status: "diverged", steps: 500 });
    expect(made.result(0).status).toBe("diverged");
    expect(made.result(1).status).toBe("done");
    expect(made.result(0).phases[0].activity!.length).toBeLessThan(60);
    expect(made.result(1).phases[0].activity!.length).toBe(500);
  });
});
