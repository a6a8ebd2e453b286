/**
 * @file For the tests of gradients: random networks of two coupled populations, a random linear loss, and central
 * differences of it.
 */

import { createRng, dense, type Rng, toSparse } from "../../core/index.ts";
import { input, type Network, network, neuron, population, projection } from "../../model/index.ts";
import { differentiate, type Gradient } from "./gradient.ts";
import type { GradientOptions } from "./options.ts";

/** What varies between networks of a test. */
export interface NetworkShape {
  /** Equations of both populations; parameters a, b, c, variables x, y, r and m. */
  equations: string;
  sparse?: boolean;
  /** [ms] */
  delay?: number;
  /** Whether the second population sees the first in the same step. */
  sameStep?: boolean;
  perUnit?: boolean;
}

/** Two populations p and q, an input u: u → p, p ⇄ q, p → p (by r and by x). */
export function coupledNetwork(shape: NetworkShape): Network {
  const { equations, sparse = false, delay = 0, sameStep = false, perUnit = true } = shape;
  const rng = createRng(3);
  const values = (n: number) => Float64Array.from({ length: n }, () => rng.uniform() - 0.5);
  const own = neuron({ parameters: { a: 0.7, b: 1.3, c: -0.4 }, equations });
  const weights = (post: number, pre: number) => {
    const m = dense(
      post,
      pre,
      values(post * pre).map((w) => (Math.abs(w) < 0.15 ? 0 : w)),
    );
    return sparse ? toSparse(m) : m;
  };
  const [p, q] = [5, 4];
  const reads = (target: string) => equations.includes("sum()") || equations.includes(`sum(${target})`);
  return network({
    populations: [
      population("p", {
        size: p,
        neuron: own,
        parameters: perUnit ? { c: values(p) } : {},
        initial: { r: values(p) },
      }),
      population("q", { size: q, neuron: own, initial: { x: values(q) } }),
    ],
    inputs: [input("u", 2)],
    projections: [
      projection("u", "p", { target: "in", weights: weights(p, 2), delay }),
      projection("p", "p", { target: "exc", weights: weights(p, p), delay, name: "rec" }),
      projection("p", "p", { target: "exc", weights: weights(p, p), variable: "x", name: "byX" }),
      projection("q", "p", { target: "exc", weights: weights(p, q), delay: 2 * delay }),
      projection("p", "q", { target: "in", weights: weights(q, p), sameStep }),
      projection("p", "q", { target: "exc", weights: weights(q, p), name: "late", delay }),
    ].filter((one) => reads(one.target)),
  });
}

/** Everything of a coupled network that can be trained. */
export function trainablesOf(net: Network): string[] {
  const of = (names: string[], prefix: string) => names.map((n) => `${prefix}${n}`);
  return [
    ...of(
      net.projections.map((p) => p.name),
      "weights:",
    ),
    ...of(["p.a", "p.b", "p.c", "q.a", "q.b", "q.c"], ""),
    ...of(["p.r", "q.x", "p.m"], "initial:"),
    "input:u",
  ];
}

/** A batch with a random linear loss on some variables; trial lengths differ. */
export class Batch {
  readonly steps: number;
  readonly instances: number;
  readonly u: Float64Array;
  readonly adjoints: Record<string, Float64Array>;
  readonly gradient: Gradient;
  readonly seed = 5;

  constructor(net: Network, options: GradientOptions, rng: Rng = createRng(11)) {
    this.steps = options.steps;
    this.instances = options.instances ?? 1;
    const draw = (n: number) => Float64Array.from({ length: n }, () => rng.uniform() - 0.4);
    this.u = draw(this.steps * 2 * this.instances);
    const sizes: Record<string, number> = { "p.r": 5, "p.y": 5, "q.x": 4, "q.m": 1 };
    this.adjoints = Object.fromEntries(
      Object.entries(sizes).map(([name, size]) => {
        const values = draw(this.steps * size * this.instances);
        // Trial b is b steps shorter than the longest.
        for (let k = 0; k < values.length; k++) {
          const b = k % this.instances;
          if (Math.floor(k / (size * this.instances)) >= this.steps - b) values[k] = 0;
        }
        return [name, values];
      }),
    );
    this.gradient = differentiate(net, options);
  }

  /** The loss as things are. */
  loss(): number {
    const { records } = this.gradient.forward({
      inputs: { u: this.u },
      seed: this.seed,
      record: Object.keys(this.adjoints),
    });
    let sum = 0;
    for (const [name, g] of Object.entries(this.adjoints)) {
      for (let k = 0; k < g.length; k++) if (g[k] !== 0) sum += g[k] * records[name][k];
    }
    return sum;
  }

  gradients(): Record<string, Float64Array> {
    this.loss();
    return this.gradient.backward(this.adjoints).gradients;
  }

  /** dL/d(entry k of a trainable) by central differences; undefined next to a kink or a jump. */
  difference(name: string, k: number): number | undefined {
    const isInput = name.startsWith("input:");
    const before = isInput ? this.u.slice() : this.gradient.get(name);
    const at = (x: number) => {
      const moved = before.slice();
      moved[k] += x;
      if (isInput) this.u.set(moved);
      else this.gradient.set(name, moved);
      return this.loss();
    };
    const slope = (h: number) => (at(h) - at(-h)) / (2 * h);
    const [wide, narrow] = [slope(2e-5), slope(1e-5)];
    if (isInput) this.u.set(before);
    else this.gradient.set(name, before);
    if (!(Math.abs(wide - narrow) < 1e-6 * (1 + Math.abs(wide)))) return undefined;
    return narrow + (narrow - wide) / 3;
  }
}
