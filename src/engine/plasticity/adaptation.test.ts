import { describe, expect, it } from "vitest";
import { dense, toDense } from "../../core/index.ts";
import {
  input,
  network,
  neuron,
  normalisation,
  type PlasticityRule,
  population,
  projection,
  synapse,
  synapticRule,
} from "../../model/index.ts";
import { type Simulation, simulate } from "../simulation.ts";
import { livelySorn } from "./lively-sorn.fixture.ts";

const backends = ["wasm", "interpret"] as const;
const state = (run: Simulation) => ({
  x: run.get("E.x"),
  T: run.get("E.T"),
  EE: run.weights("E->E"),
  EI: run.weights("I->E"),
});

describe.each(backends)("freeze and thaw, %s", (backend) => {
  it("leave all weights and thresholds bit for bit while frozen, and let them go on afterwards", () => {
    const run = simulate(livelySorn(), { backend, seed: 1 });
    run.run(20);
    run.freeze(...run.rules);
    const before = state(run);
    run.run(30);
    const after = state(run);
    expect({ ...after, x: 0 }).toEqual({ ...before, x: 0 });
    run.thaw(...run.rules);
    run.run(5);
    const thawed = state(run);
    for (const key of ["T", "EE", "EI"] as const) expect(thawed[key], key).not.toEqual(before[key]);
  });

  it.each([
    ["stdp", ["E->E.stdp"]],
    ["sn", ["E->E.sn", "I->E.sn"]],
    ["I->E.sn", ["I->E.sn"]],
    ["ip", ["E.ip"]],
  ])("takes %s for %o", (name, frozen) => {
    const run = simulate(livelySorn(), { backend });
    run.freeze(name);
    expect(run.frozen).toEqual(frozen);
    run.freeze(name);
    run.thaw(name);
    expect(run.frozen).toEqual([]);
  });

  it("freezes one rule and no other", () => {
    const moved = (frozen: string[]) => {
      const run = simulate(livelySorn(20, { births: 5 }), { backend, seed: 4 });
      if (frozen.length > 0) run.freeze(...frozen);
      const births = run.recordSynapses("E->E");
      const start = state(run);
      run.run(15);
      const end = state(run);
      const inhibitory = (s: typeof end) => toDense(s.EI).values;
      return {
        ip: String(end.T) !== String(start.T),
        sp: births.turnover.births > 0,
        istdp: inhibitory(end).some((w, k) => w !== inhibitory(start)[k]),
      };
    };
    expect(moved([])).toEqual({ ip: true, sp: true, istdp: true });
    expect(moved(["ip"])).toEqual({ ip: false, sp: true, istdp: true });
    expect(moved(["sp"])).toEqual({ ip: true, sp: false, istdp: true });
    expect(moved(["istdp"])).toEqual({ ip: true, sp: true, istdp: false });
  });

  it("scales on thawing what has changed while normalisation was frozen", () => {
    const run = simulate(livelySorn(20, { births: 0 }), { backend, seed: 2 });
    const sums = () => {
      const { rowStart, values } = run.weights("E->E");
      return Array.from({ length: 20 }, (_, i) =>
        values.slice(rowStart[i], rowStart[i + 1]).reduce((a, b) => a + b, 0),
      );
    };
    run.freeze("sn");
    run.run(20);
    expect(sums().some((s) => Math.abs(s - 1) > 0.01)).toBe(true);
    run.thaw("sn");
    run.run(1);
    for (const sum of sums()) expect(sum).toBeCloseTo(1, 12);
  });

  it("survive a reset, which gives the first run again", () => {
    const run = simulate(livelySorn(), { backend, seed: 6 });
    const raster = run.recordSpikes("E.x", { raster: true });
    run.run(60);
    const first = { ...state(run), bits: raster.raster().bits };
    run.freeze("stdp");
    run.reset();
    expect([run.frozen, run.t]).toEqual([["E->E.stdp"], 0]);
    run.thaw("stdp");
    run.run(60);
    expect({ ...state(run), bits: raster.raster().bits }).toEqual(first);
  });
});

describe("rules by name", () => {
  it("lists all, of projections first", () => {
    expect(simulate(livelySorn()).rules).toEqual([
      "E->E.stdp",
      "E->E.sp",
      "E->E.sn",
      "I->E.istdp",
      "I->E.sn",
      "E.ip",
    ]);
  });

  it("refuses unknown names with the nearest, and changes nothing then", () => {
    const run = simulate(livelySorn());
    expect(() => run.freeze("ip", "stpd")).toThrow(
      expect.objectContaining({
        code: "unknown-rule",
        message: expect.stringMatching(
          /^freeze: there is no rule "stpd". Did you mean "stdp"\? Known here: stdp, /,
        ),
      }),
    );
    expect(run.frozen).toEqual([]);
    expect(() => run.thaw("E->E.stp")).toThrow(
      'thaw: there is no rule "E->E.stp". Did you mean "E->E.stdp"?',
    );
    expect(() => run.freeze("")).toThrow('there is no rule ""');
  });

  it("reads and sets parameters, which act from the next step on", () => {
    const run = simulate(livelySorn(20, { births: 0 }), { seed: 3 });
    expect([...run.get("E->E.stdp.eta")]).toEqual([0.05]);
    run.freeze("sn");
    run.set("E->E.stdp.eta", 0);
    const before = run.weights("E->E");
    run.run(10);
    expect(run.weights("E->E")).toEqual(before);
    run.set("E->E.stdp.eta", [0.05]);
    run.run(10);
    expect(run.weights("E->E")).not.toEqual(before);
    run.reset();
    expect([...run.get("E->E.stdp.eta")]).toEqual([0.05]);
    expect(() => run.set("E->E.stdp.eat", 1)).toThrow('Did you mean "E->E.stdp.eta"?');
    expect(() => run.set("E->E.stdp.eta", [1, 2])).toThrow("2 values do not fit");
  });

  it("moves a prune threshold that is a parameter", () => {
    const rule = synapticRule(
      "fade",
      synapse({ parameters: { keep: 1, cut: 0.1 }, equations: "w *= keep : prune=cut" }),
    );
    for (const backend of backends) {
      const run = simulate(pair([rule]), { backend });
      run.run(1);
      expect(run.weights("a->b").values.length).toBe(3);
      run.set("a->b.fade.cut", 0.35);
      run.run(1);
      expect([...run.weights("a->b").values]).toEqual([0.4, 0.9]);
    }
  });
});

describe("weights", () => {
  it("refuses projections that do not learn, and instances there are not", () => {
    const run = simulate(livelySorn(), { instances: 2 });
    expect(() => run.weights("E->I")).toThrow(
      expect.objectContaining({
        code: "unknown-projection",
        message: expect.stringContaining('there is no plastic projection "E->I". '),
      }),
    );
    expect(() => run.weights("E->EE")).toThrow('Did you mean "E->E"?');
    expect(() => run.weights("E->E", 2)).toThrow("instance 2 is not one of 0 … 1");
    expect(() => run.recordSynapses("E->E", { instance: -1 })).toThrow("instance -1 is not one of 0 … 1");
  });

  it("start as given, before any rule has acted", () => {
    expect(toDense(simulate(pair([normalisation("sn")])).weights("a->b")).values).toEqual(weights.values);
  });
});

describe("order of rules", () => {
  const twice = synapticRule("twice", synapse({ equations: "w *= 2" }));
  const less = synapticRule("less", synapse({ equations: "w -= 0.1 : prune=0" }));
  const first = (...rules: PlasticityRule[]) =>
    backends.map((backend) => {
      const run = simulate(pair(rules), { backend });
      run.run(1);
      return [...run.weights("a->b").values].map((w) => Number(w.toFixed(12)));
    });

  it("is the order given", () => {
    for (const w of first(twice, less)) expect(w).toEqual([0.1, 0.5, 0.7, 1.7]);
    for (const w of first(less, twice)) expect(w).toEqual([0.4, 0.6, 1.6]);
  });

  it("holds for several normalisations of one projection, each of which acts", () => {
    // Rows 0.1 + 0.3, 0.4 + 0.9.
    const half = normalisation("half", { total: 0.5 });
    const one = normalisation("one");
    for (const w of first(one, half)) expect(w).toEqual([0.125, 0.375, 0.153846153846, 0.346153846154]);
    for (const w of first(half, one)) expect(w).toEqual([0.25, 0.75, 0.307692307692, 0.692307692308]);
    // Outgoing makes columns sum to 1, incoming then rows again.
    const outgoing = normalisation("out", { over: "outgoing" });
    const [column0, column1] = [0.1 + 0.4, 0.3 + 0.9];
    const rows = [
      [0.1 / column0, 0.3 / column1],
      [0.4 / column0, 0.9 / column1],
    ];
    const want = rows.flatMap(([a, b]) => [a / (a + b), b / (a + b)]).map((w) => Number(w.toFixed(12)));
    for (const w of first(outgoing, one)) expect(w).toEqual(want);
  });

  it("acts after the neurons: rules see the state of this step, sums the weights of the last", () => {
    const follow = synapticRule("follow", synapse({ equations: "w = pre.r + 10 * post.s" }));
    for (const backend of backends) {
      const run = simulate(pair([follow]), { backend });
      run.run(2, { inputs: { u: [1, 2] } });
      // Step 1: s = 0 (a was 0); step 2: s = w(1) · a(1) with a(1) = 1 and w(1) = 1 + 10 · 0.
      expect([...run.get("b.s")]).toEqual([2, 2]);
      expect([...run.weights("a->b").values]).toEqual([22, 22, 22, 22]);
    }
  });
});

describe("a unit whose last synapse dies", () => {
  it.each(backends)("goes on without input, and nothing becomes NaN, %s", (backend) => {
    const fade = synapticRule("fade", synapse({ equations: "w -= 0.6 : prune=0" }));
    const run = simulate(pair([fade, normalisation("sn", { rate: 0.5 })]), { backend });
    expect(run.run(200, { inputs: { u: new Float64Array(200).fill(1) } }).status).toBe("done");
    expect([run.weights("a->b").values.length, ...run.get("b.s")]).toEqual([0, 0, 0]);
  });
});

const weights = dense(2, 2, [0.1, 0.3, 0.4, 0.9]);

/** Two units that follow an input, onto two that add up. */
function pair(plasticity: PlasticityRule[]) {
  return network({
    populations: [
      population("a", { size: 2, neuron: neuron({ equations: "r = sum(in)" }) }),
      population("b", { size: 2, neuron: neuron({ equations: "s = sum(exc)" }) }),
    ],
    inputs: [input("u", 1)],
    projections: [
      projection("u", "a", { weights: dense(2, 1, [1, 1]), target: "in" }),
      projection("a", "b", { weights, plasticity }),
    ],
  });
}
