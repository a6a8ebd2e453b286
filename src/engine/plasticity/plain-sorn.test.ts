import { describe, expect, it } from "vitest";
import { createRng, dense, type Rng, toDense } from "../../core/index.ts";
import { type SornParts, sornNetwork } from "../../model/index.ts";
import { simulate } from "../simulation.ts";

/** Square or oblong arrays, `[post][pre]`. */
type Rows = number[][];

const rows = (m: SornParts["weights"]["EE"]): Rows => {
  const { values, rows: n, columns } = toDense(m);
  return Array.from({ length: n }, (_, i) => [...values.slice(i * columns, (i + 1) * columns)]);
};
const times = (w: Rows, x: number[]) => w.map((row) => row.reduce((s, v, j) => s + v * x[j], 0));
const total = (row: number[]) => row.reduce((a, b) => a + b, 0);

/** The equations of the papers over whole matrices, written without a look at the engine. */
class PlainSorn {
  readonly parts: SornParts;
  readonly EE: Rows;
  /** Synapses there were at the start: where none is pruned, one at 0 can grow again. */
  readonly born: Rows;
  readonly EI: Rows;
  readonly IE: Rows;
  readonly T: number[];
  x: number[];
  y: number[];

  constructor(parts: SornParts) {
    this.parts = parts;
    this.EE = rows(parts.weights.EE);
    this.born = rows(parts.weights.EE);
    this.EI = rows(parts.weights.EI);
    this.IE = rows(parts.weights.IE);
    this.T = Array.from(parts.thresholds.E);
    this.x = Array.from(parts.initial!.x!);
    this.y = Array.from(parts.initial!.y!);
  }

  step(u: number[]): void {
    const { comparison, inhibition, thresholds, inputWeights } = this.parts;
    const fires = (drive: number) => Number(comparison === ">" ? drive > 0 : drive >= 0);
    const [x0, y0] = [this.x, this.y];
    const [exc, inh] = [times(this.EE, x0), times(this.EI, y0)];
    const seen = times(rows(inputWeights!), u);
    this.x = exc.map((e, i) => fires(e - inh[i] - this.T[i] + seen[i]));
    const driver = inhibition === "fast" ? this.x : x0;
    this.y = times(this.IE, driver).map((e, k) => fires(e - thresholds.I[k]));
    this.#adapt(x0, y0);
  }

  #adapt(x0: number[], y0: number[]): void {
    const { rates, targetRate, thresholdBounds, prune, inhibitorySynapses, inhibitoryTarget } = this.parts;
    const [low, high] = thresholdBounds ?? [-Infinity, Infinity];
    const target = (i: number) => (typeof targetRate === "number" ? targetRate : targetRate[i]);
    const x = this.x;
    x.forEach((xi, i) => {
      this.T[i] = Math.min(high, Math.max(low, this.T[i] + rates.ip * (xi - target(i))));
    });
    const there = prune === undefined ? this.born : this.EE;
    change(this.EE, there, (w, i, j) => {
      const fresh = Math.min(1, w + rates.stdp * (x0[j] * x[i] - x[j] * x0[i]));
      return prune === undefined ? Math.max(0, fresh) : fresh <= prune ? 0 : fresh;
    });
    if (rates.istdp > 0) {
      const h = inhibitoryTarget ?? (targetRate as number);
      change(this.EI, this.EI, (w, i, k) => {
        const fresh = Math.min(1, w - rates.istdp * y0[k] * (1 - x[i] * (1 + 1 / h)));
        if ("floor" in inhibitorySynapses) return Math.max(inhibitorySynapses.floor, fresh);
        return fresh <= inhibitorySynapses.prune ? 0 : fresh;
      });
    }
    this.#normalise(this.EE);
    this.#normalise(this.EI);
  }

  #normalise(w: Rows): void {
    const { over = "incoming", rate = 1 } = this.parts.normalisation ?? {};
    const factor = (sum: number) => (sum === 0 ? 1 : 1 / sum);
    const into = w.map((row) => factor(total(row)));
    const out = w[0].map((_, j) => factor(total(w.map((row) => row[j]))));
    change(w, w, (v, i, j) => {
      const f = { incoming: into[i], outgoing: out[j], both: (into[i] + out[j]) / 2 }[over];
      return v * (1 + rate * (f - 1));
    });
  }
}

/** Rules act where there is a synapse, which is where `there` is not 0. */
function change(w: Rows, there: Rows, rule: (w: number, post: number, pre: number) => number): void {
  w.forEach((row, i) => {
    row.forEach((v, j) => {
      if (there[i][j] !== 0) row[j] = rule(v, i, j);
    });
  });
}

function randomParts(rng: Rng, variant: Partial<SornParts>): SornParts {
  const [n, m] = [18, 5];
  const weights = (post: number, pre: number, density: number) => {
    const w = dense(
      post,
      pre,
      Array.from({ length: post * pre }, () => (rng.uniform() < density ? rng.uniform() : 0)),
    );
    for (let i = 0; i < post; i++) {
      const row = w.values.subarray(i * pre, (i + 1) * pre);
      const sum = row.reduce((a, b) => a + b, 0);
      if (sum > 0) for (let j = 0; j < pre; j++) row[j] /= sum;
    }
    return w;
  };
  const EE = weights(n, n, 0.4);
  for (let i = 0; i < n; i++) EE.values[i * n + i] = 0;
  const uniform = (size: number, most: number) =>
    Float64Array.from({ length: size }, () => most * rng.uniform());
  const active = (size: number) => Array.from({ length: size }, () => Number(rng.uniform() < 0.4));
  return {
    weights: { EE, EI: weights(n, m, 0.6), IE: weights(m, n, 1) },
    inputWeights: weights(n, 3, 0.5),
    thresholds: { E: uniform(n, 0.6), I: uniform(m, 0.5) },
    initial: { x: active(n), y: active(m) },
    comparison: ">=",
    noise: 0,
    inhibition: "fast",
    rates: { stdp: 0.004, ip: 0.01, istdp: 0.001 },
    targetRate: 0.2,
    prune: 1e-10,
    inhibitorySynapses: { floor: 0.001 },
    ...variant,
  };
}

const variants: Record<string, Partial<SornParts>> = {
  "del Papa's": {},
  "slow, strict, bounded": {
    comparison: ">",
    inhibition: "slow",
    prune: 0,
    inhibitorySynapses: { prune: 0 },
    inhibitoryTarget: 0.1,
    thresholdBounds: [0, 1],
  },
  "large rates": {
    rates: { stdp: 0.3, ip: 0.2, istdp: 0.05 },
    prune: 0,
    inhibitorySynapses: { prune: 0 },
    // Not 0: units that receive 1 of each kind would stand right at their threshold.
    thresholdBounds: [0.0123, 1],
  },
  "no pruning, both sides, own targets": {
    rates: { stdp: 0.01, ip: 0.01, istdp: 0 },
    targetRate: Float64Array.from({ length: 18 }, (_, i) => 0.1 + i / 100),
    normalisation: { over: "both", rate: 0.1 },
  },
};
delete (variants["no pruning, both sides, own targets"] as { prune?: number }).prune;

describe.each(Object.entries(variants))("sornNetwork, %s", (name, variant) => {
  it("is the papers' equations over whole matrices", () => {
    for (let seed = 0; seed < 4; seed++) {
      const rng = createRng(seed);
      const { prune, ...others } = randomParts(rng, variant);
      const parts: SornParts = name.startsWith("no pruning") ? others : { prune: prune!, ...others };
      const plain = new PlainSorn(parts);
      const run = simulate(sornNetwork(parts));
      for (let t = 0; t < 80; t++) {
        const u = Array.from({ length: 3 }, () => Number(rng.uniform() < 0.3));
        plain.step(u);
        run.run(1, { inputs: { input: u } });
        const at = `seed ${seed}, step ${t}`;
        expect([...run.get("E.x")], at).toEqual(plain.x);
        expect([...run.get("I.y")], at).toEqual(plain.y);
        near(run.get("E.T"), plain.T);
        near(toDense(run.weights("E->E")).values, plain.EE.flat());
        near(toDense(run.weights("I->E")).values, plain.EI.flat());
      }
      // The large rates must have killed synapses, or they show nothing.
      const alive = (w: ArrayLike<number>) => Array.from(w).filter((v) => v !== 0).length;
      if (name === "large rates")
        expect(alive(plain.EE.flat())).toBeLessThan(alive(toDense(parts.weights.EE).values));
    }
  });
});

function near(actual: ArrayLike<number>, expected: number[]): void {
  let worst = 0;
  for (let k = 0; k < expected.length; k++) worst = Math.max(worst, Math.abs(actual[k] - expected[k]));
  expect(worst).toBeLessThan(1e-12);
}
