import { describe, expect, it, vi } from "vitest";
import { type DenseMatrix, dense, denseFromRows, type Matrix, toDense } from "../../src/core/index.ts";
import { type Simulation, type SimulationOptions, simulate } from "../../src/engine/index.ts";
import { birthsOf } from "../../src/engine/plasticity/births.ts";
import { HEADER, layoutStore } from "../../src/engine/plasticity/layout.ts";
import { SynapseStore } from "../../src/engine/plasticity/store.ts";
import {
  input,
  type Network,
  network,
  projection,
  type SornParts,
  sornNetwork,
  structuralPlasticity,
} from "../../src/model/index.ts";
import { golden, hasGolden } from "./golden.ts";

/** One step of births that the file states instead of drawing; the births of a run are those of Cajal otherwise. */
const births = vi.hoisted(() => ({ stubbed: false }));
vi.mock(import("../../src/engine/plasticity/births.ts"), async (original) => {
  const actual = await original();
  return {
    birthsOf: (rule, store, options) => {
      if (!births.stubbed) return actual.birthsOf(rule, store, options);
      const { rows, columns } = store.layout;
      return (step) => {
        if (step % 3 !== 0) return;
        const absent: [pre: number, post: number][] = [];
        for (let pre = 0; pre < columns; pre++) {
          for (let post = 0; post < rows; post++) {
            if (pre !== post && !store.has(post, pre)) absent.push([pre, post]);
          }
        }
        const [pre, post] = absent[(11 * step + 3) % absent.length];
        store.insert(post, pre, [rule.weight]);
      };
    },
  };
});

type Rows = number[][];

interface SornFile {
  config: Record<string, number>;
  init: { Wee: Rows; Wei: Rows; Wie: Rows; Te: number[]; Ti: number[]; X: Rows; Y: Rows };
  inputs: Rows;
  rules: {
    network_state: {
      recurrent_drive_value: number[];
      excitatory_drive_value: number[];
      inhibitory_drive_value: number[];
      r: string;
      x: string;
      y: string;
      noise_e: number[];
      noise_i: number[];
      x_with_noise: string;
      r_with_noise: string;
      y_with_noise: string;
    };
    buffers: { x_prev: string; x_now: string; y_prev: string; y_now: string };
    stdp: { eta_stdp: number; Wee_after: Rows }[];
    ip: { eta_ip: number; h_ip: number; Te_after: number[] }[];
    istdp: { eta_inhib: number; mu_ip: number; Wei_after: Rows }[];
    ss: { Wee_after: Rows; Wei_after: Rows; nan_entries_in_zero_column_case: number };
    sp: {
      n_candidates_initial_Wee: number;
      first_candidates_row_major: [pre: number, post: number][];
      probability_per_candidate: number;
      new_weight: number;
      act_probability_measured: number;
      act_probability_samples: number;
    };
  };
  sequences: Record<string, Sequence>;
}

interface Sequence {
  active_rules: string[];
  phase: string;
  x: string[];
  y: string[];
  r: string[];
  ee_connections: number[];
  ei_connections: number[];
  wee_checksum: Rows;
  wei_checksum: Rows;
  te_checksum: Rows;
  snapshots: Record<string, Partial<{ Wee: Rows; Wei: Rows; Te: number[] }>>;
}

/** Absolute, as the file states: it prints 15 digits, and sums run in another order. */
const TOLERANCE = 1e-12;

/** Rules of the package and what they are called here; `ss` scales both projections. */
const RULES: Record<string, string> = { stdp: "stdp", ip: "ip", istdp: "istdp", ss: "sn", sp: "sp" };

const variants = (["interpret", "wasm"] as const).flatMap((backend) =>
  [true, false].map((events) => ({ backend, events })),
);

describe.skipIf(!hasGolden)("golden numbers of sorn 0.7.3", () => {
  const file = hasGolden ? golden<SornFile>("sorn_ref.json") : (undefined as never);
  const { init, rules, sequences, config } = file ?? {};
  const ne = 20;

  /** The network of the file, and inputs that add given noise to the drives. */
  function sorn(change: Partial<SornParts> = {}): Network {
    const oneToOne = dense(ne, config.nu);
    for (let k = 0; k < config.nu; k++) oneToOne.values[k * config.nu + k] = 1;
    const net = sornNetwork({
      weights: { EE: fromPackage(init.Wee), EI: fromPackage(init.Wei), IE: fromPackage(init.Wie) },
      inputWeights: oneToOne,
      thresholds: { E: init.Te, I: init.Ti },
      initial: { x: init.X.map(([, x]) => x), y: init.Y.map(([, y]) => y) },
      comparison: ">",
      noise: 0,
      inhibition: "slow",
      rates: { stdp: config.eta_stdp, ip: config.eta_ip, istdp: config.eta_inhib },
      targetRate: config.h_ip_used_by_ip,
      inhibitoryTarget: config.mu_ip,
      thresholdBounds: [config.te_min, config.te_max],
      prune: 0,
      inhibitorySynapses: { prune: 0 },
      births: 0.1,
      ...change,
    });
    return network({
      ...net,
      inputs: [...net.inputs, input("noiseE", ne), input("noiseI", config.ni)],
      projections: [
        ...net.projections,
        projection("noiseE", "E", { weights: identity(ne), target: "exc" }),
        projection("noiseI", "I", { weights: identity(config.ni), target: "exc" }),
      ],
    });
  }

  /** A run in which only these rules of the package act. */
  function start(
    active: string[],
    options: SimulationOptions = {},
    change: Partial<SornParts> = {},
  ): Simulation {
    births.stubbed = active.includes("sp");
    const run = simulate(sorn(change), options);
    const frozen = Object.keys(RULES).filter((rule) => !active.includes(rule));
    if (frozen.length > 0) run.freeze(...frozen.map((rule) => RULES[rule]));
    return run;
  }

  const inputAt = (t: number) => file.inputs.map((row) => row[t]);
  const step = (run: Simulation, t = 0) => run.run(1, { inputs: { input: inputAt(t) } });
  const bits = (run: Simulation, name: string) => [...run.get(name)].join("");
  const unnormalised = () => ({
    EE: fromPackage(init.Wee.map((row) => row.map((w, post) => w * (0.5 + 0.05 * post)))),
    EI: fromPackage(init.Wei.map((row) => row.map((w, post) => w * (0.5 + 0.05 * (19 - post))))),
    IE: fromPackage(init.Wie),
  });

  it("holds the package's configuration as this suite takes it", () => {
    expect([config.ne, config.ni, config.nu]).toEqual([ne, 4, 3]);
    expect(config.h_ip_used_by_ip).toBe((2 * config.nu) / ne);
  });

  describe.each(variants)("$backend, events $events", (variant) => {
    it("network_state: drives and states, with and without noise", () => {
      const s = rules.network_state;
      const run = start([], variant);
      step(run);
      near(run.get("E.drive"), s.recurrent_drive_value);
      near(added(run.get("E.drive"), run.get("E.sum(input)")), s.excitatory_drive_value);
      near(added(run.get("I.sum(exc)"), init.Ti, -1), s.inhibitory_drive_value);
      expect([bits(run, "E.r"), bits(run, "E.x"), bits(run, "I.y")]).toEqual([s.r, s.x, s.y]);
      expect([bits(run, "E.x_prev"), bits(run, "I.y_prev")]).toEqual([
        rules.buffers.x_prev,
        rules.buffers.y_prev,
      ]);
      expect([bits(run, "E.x"), bits(run, "I.y")]).toEqual([rules.buffers.x_now, rules.buffers.y_now]);
      run.reset();
      run.set("noiseE.r", s.noise_e);
      run.set("noiseI.r", s.noise_i);
      step(run);
      near(run.get("E.drive"), added(s.recurrent_drive_value, s.noise_e));
      expect([bits(run, "E.r"), bits(run, "E.x"), bits(run, "I.y")]).toEqual([
        s.r_with_noise,
        s.x_with_noise,
        s.y_with_noise,
      ]);
    });

    it("stdp, at every rate", () => {
      for (const { eta_stdp, Wee_after } of rules.stdp) {
        const run = start(["stdp"], variant);
        run.set("E->E.stdp.eta", eta_stdp);
        step(run);
        sameSynapses(run.weights("E->E"), Wee_after);
        sameSynapses(run.weights("I->E"), init.Wei);
        expect(run.get("E.T")).toEqual(Float64Array.from(init.Te));
      }
      expect(rules.stdp.length).toBeGreaterThan(1);
    });

    it("istdp, at every rate", () => {
      for (const { eta_inhib, mu_ip, Wei_after } of rules.istdp) {
        const run = start(["istdp"], variant);
        run.set("I->E.istdp.eta", eta_inhib);
        run.set("I->E.istdp.rate", mu_ip);
        step(run);
        sameSynapses(run.weights("I->E"), Wei_after);
        sameSynapses(run.weights("E->E"), init.Wee);
      }
      expect(rules.istdp.length).toBeGreaterThan(1);
    });

    it("ip, at every rate", () => {
      for (const { eta_ip, h_ip, Te_after } of rules.ip) {
        const run = start(["ip"], variant);
        run.set("E.etaIp", eta_ip);
        run.set("E.targetRate", h_ip);
        step(run);
        near(run.get("E.T"), Te_after);
        sameSynapses(run.weights("E->E"), init.Wee);
      }
      expect(rules.ip.length).toBeGreaterThan(1);
    });

    it("ss, of weights that are not normalised", () => {
      const run = start(["ss"], variant, { weights: unnormalised() });
      step(run);
      sameSynapses(run.weights("E->E"), rules.ss.Wee_after);
      sameSynapses(run.weights("I->E"), rules.ss.Wei_after);
    });

    it("ss leaves a unit without weights alone, where the package makes its column NaN", () => {
      const weights = unnormalised();
      for (let pre = 0; pre < ne; pre++) (weights.EE as DenseMatrix).values[7 * ne + pre] = 0;
      const run = start(["ss", "stdp"], variant, { weights });
      run.set("E->E.stdp.eta", 0);
      expect(step(run).status).toBe("done");
      const without7 = rules.ss.Wee_after.map((row) => row.map((w, post) => (post === 7 ? 0 : w)));
      sameSynapses(run.weights("E->E"), without7);
    });

    it.each(Object.keys(sequences ?? {}))("sequence %s", (name) => {
      const s = sequences[name];
      const change = name.endsWith("unnormalised_start") ? { weights: unnormalised() } : {};
      const run = start(s.active_rules, variant, change);
      const counts = [run.recordSynapses("E->E"), run.recordSynapses("I->E")];
      const before = [run.weights("E->E").values.length, run.weights("I->E").values.length];
      for (let t = 0; t < 20; t++) {
        step(run, t);
        const at = `step ${t + 1}`;
        expect([bits(run, "E.x"), bits(run, "I.y"), bits(run, "E.r")], at).toEqual([s.x[t], s.y[t], s.r[t]]);
        const [ee, ei] = [run.weights("E->E"), run.weights("I->E")];
        near(checksum(toPackage(ee).flat()), s.wee_checksum[t], at);
        near(checksum(toPackage(ei).flat()), s.wei_checksum[t], at);
        near(checksum([...run.get("E.T")]), s.te_checksum[t], at);
        const { Wee, Wei, Te } = s.snapshots[t + 1] ?? {};
        if (Wee) sameSynapses(ee, Wee);
        if (Wei) sameSynapses(ei, Wei);
        if (Te) near(run.get("E.T"), Te);
      }
      // The package counts before the rules of a step act.
      const counted = counts.map((c, k) => [before[k], ...c.counts().slice(0, -1)]);
      expect(counted).toEqual([s.ee_connections, s.ei_connections]);
    });
  });

  it("freezing every rule is the package's training phase", () => {
    const run = start(["stdp", "ip", "sp", "istdp", "ss"]);
    run.freeze(...run.rules);
    expect(run.rules).toEqual(["E->E.stdp", "E->E.sp", "E->E.sn", "I->E.istdp", "I->E.sn", "E.ip"]);
    const x = Array.from({ length: 20 }, (_, t) => {
      step(run, t);
      return bits(run, "E.x");
    });
    expect(x).toEqual(sequences.trainer_training_phase.x);
  });

  it("the states of every sequence are the same in single precision", () => {
    // The smallest drive is 4.5e-5; sums of 20 weights below 1 err by less than 1e-5 in f32.
    for (const [name, s] of Object.entries(sequences)) {
      const change = name.endsWith("unnormalised_start") ? { weights: unnormalised() } : {};
      const run = start(s.active_rules, { precision: "f32" }, change);
      for (let t = 0; t < 20; t++) {
        step(run, t);
        expect([bits(run, "E.x"), bits(run, "I.y"), bits(run, "E.r")], `${name} ${t}`).toEqual([
          s.x[t],
          s.y[t],
          s.r[t],
        ]);
      }
    }
  });

  describe("sp", () => {
    const { sp } = rules ?? {};

    it("begins with the package's candidates", () => {
      const w = toPackage(fromPackage(init.Wee));
      const absent = w.flatMap((row, pre) =>
        row.flatMap((value, post) => (value <= 0 && pre !== post ? [[pre, post]] : [])),
      );
      expect(absent.length).toBe(sp.n_candidates_initial_Wee);
      expect(absent.slice(0, 10)).toEqual(sp.first_candidates_row_major);
      expect(0.1 / absent.length).toBeCloseTo(sp.probability_per_candidate, 15);
    });

    it("fills them one by one at the new weight, and stops when none is left", () => {
      births.stubbed = false;
      const run = simulate(sorn(), { seed: 3 });
      run.freeze("stdp", "ip", "istdp", "sn");
      const initial = run.weights("E->E");
      const record = run.recordSynapses("E->E", { events: true });
      run.run(6000);
      const weights = run.weights("E->E");
      const events = record.events();
      const room = ne * (ne - 1) - initial.values.length;
      expect([record.turnover, room]).toEqual([{ births: room, deaths: 0 }, sp.n_candidates_initial_Wee]);
      expect(weights.values.length).toBe(ne * (ne - 1));
      const pairs = new Set<number>();
      const old = toDense(initial).values;
      const now = toDense(weights).values;
      for (let k = 0; k < events.length; k += 3) {
        const pair = events[k + 1];
        expect([old[pair], now[pair], events[k + 2]]).toEqual([0, sp.new_weight, 1]);
        expect(pair % (ne + 1)).not.toBe(0);
        pairs.add(pair);
      }
      expect(pairs.size).toBe(room);
      // The n-th birth comes after n draws of probability 0.1: mean 10 n, variance 90 n.
      const last = events[events.length - 3];
      expect(Math.abs(last - 10 * room)).toBeLessThan(5 * Math.sqrt(90 * room));
    });

    it("acts as often as the package, on every pair alike", () => {
      const { store, initial } = storeOf(fromPackage(init.Wee));
      const give = birthsOf(structuralPlasticity("sp", { births: 0.1 }), store, {
        stream: "7/births",
        recurrent: true,
        initial: [],
        where: "sp",
      });
      const hits = new Map<number, number>();
      let acts = 0;
      const draws = 60_000;
      for (let k = 0; k < draws; k++) {
        give(k);
        if (store.size === initial) continue;
        const [pair] = store.bornPairs;
        hits.set(pair, (hits.get(pair) ?? 0) + 1);
        store.header[HEADER.births] = 0;
        store.header[HEADER.deaths] = 0;
        store.remove(
          Math.floor(pair / ne) * store.layout.inCapacity + store.inCount[Math.floor(pair / ne)] - 1,
        );
        acts++;
      }
      const sd = (n: number, p: number) => Math.sqrt(n * p * (1 - p));
      expect(Math.abs(acts - 0.1 * draws)).toBeLessThan(5 * sd(draws, 0.1));
      const measured = sp.act_probability_measured;
      const spread = Math.sqrt(0.09 / draws + 0.09 / sp.act_probability_samples);
      expect(Math.abs(acts / draws - measured)).toBeLessThan(5 * spread);
      expect(hits.size).toBe(sp.n_candidates_initial_Wee);
      const p = sp.probability_per_candidate;
      for (const count of hits.values()) expect(Math.abs(count - draws * p)).toBeLessThan(5 * sd(draws, p));
    });
  });
});

/** A store that holds a matrix of units onto themselves, with room for all pairs. */
function storeOf(weights: DenseMatrix): { store: SynapseStore; initial: number } {
  const { rows, columns } = weights;
  const layout = layoutStore({
    rows,
    columns,
    inCapacity: columns,
    outCapacity: rows,
    arrays: 1,
    bytes: 8,
    births: 1,
  });
  const store = new SynapseStore(new ArrayBuffer(layout.size), 0, layout);
  store.load(weights, []);
  return { store, initial: store.size };
}

/** A matrix of the package, `[pre][post]`, as `(post, pre)`. */
function fromPackage(rows: Rows): DenseMatrix {
  return denseFromRows(rows[0].map((_, post) => rows.map((row) => row[post])));
}

/** Weights as the package writes them. */
function toPackage(m: Matrix): Rows {
  const { rows, columns, values } = toDense(m);
  return Array.from({ length: columns }, (_, pre) =>
    Array.from({ length: rows }, (_, post) => values[post * columns + pre]),
  );
}

function identity(size: number): DenseMatrix {
  const m = dense(size, size);
  for (let k = 0; k < size; k++) m.values[k * size + k] = 1;
  return m;
}

function added(a: ArrayLike<number>, b: ArrayLike<number>, factor = 1): number[] {
  return Array.from(a, (x, k) => x + factor * b[k]);
}

/** Sum, sum of squares, sum of value · (index + 1). */
function checksum(values: number[]): number[] {
  const sum = (f: (v: number, k: number) => number) => values.reduce((s, v, k) => s + f(v, k), 0);
  return [sum((v) => v), sum((v) => v * v), sum((v, k) => v * (k + 1))];
}

/** The file prints 15 digits: of sums over a whole matrix that is less than the tolerance. */
function near(actual: ArrayLike<number>, expected: ArrayLike<number>, at = ""): void {
  expect(actual.length, at).toBe(expected.length);
  for (let k = 0; k < expected.length; k++) {
    const allowed = TOLERANCE + 4e-15 * Math.abs(expected[k]);
    expect(Math.abs(actual[k] - expected[k]), `${at} [${k}]`).toBeLessThanOrEqual(allowed);
  }
}

/** Weights within the tolerance, and a synapse exactly where the package has one. */
function sameSynapses(actual: Matrix, expected: Rows): void {
  const values = toPackage(actual).flat();
  near(values, expected.flat());
  expect(values.map((w) => w > 0)).toEqual(expected.flat().map((w) => w > 0));
}
