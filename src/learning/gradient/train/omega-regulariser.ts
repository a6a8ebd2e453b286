/**
 * @file Ω in the loop of training: once the gradient of the loss is known, its immediate derivative is added to that of
 * the recurrent weights, as Song, Yang & Wang (2016) do. Nothing is differentiated twice. The same as `losses/omega.ts`,
 * with the products of the engine.
 */

import { CajalError } from "../../../core/index.ts";
import type { Products } from "../../../engine/index.ts";
import { LEAST_NORM } from "../losses/omega.ts";
import { checkNumber } from "../parameters.ts";
import { type FoundLeakyRate, findLeakyRate } from "./leaky-rate.ts";
import type { ResolvedTraining } from "./train-options.ts";
import type { TrainableNetwork } from "./trainable-network.ts";

/** Keeps gradients from vanishing: Pascanu, Mikolov & Bengio (2013), see {@link omega}. */
export interface OmegaTerm {
  kind: "omega";
  /** Name in the history, default `omega`. */
  name?: string;
  /** λ ≥ 0, default 1; Song, Yang & Wang (2016) take 2. */
  weight?: number;
}

/** What the regulariser looks at after the backward pass. */
export interface OmegaSources {
  /** Trials in a batch. */
  batch: number;
  /** Recorded variables, shape `(time, unit, instance)`. */
  records: Readonly<Record<string, ArrayLike<number>>>;
  /** Adjoints of sums, same shape. */
  sums: Readonly<Record<string, ArrayLike<number>>>;
  /** Everything trained, as it acts. */
  values: Readonly<Record<string, Float64Array>>;
  /** Products with the recurrent weights, which are most of the work. */
  products: Products;
  /** Gradients of what acts; that of the recurrent weights gets more. */
  gradients: Readonly<Record<string, Float64Array>>;
}

/** All Ω terms of a training run; usually none or one. */
export class OmegaRegulariser {
  /** Variables to be recorded, and sums whose adjoints are wanted. */
  readonly record: readonly string[] = [];
  readonly sums: readonly string[] = [];
  readonly #terms: readonly OmegaTerm[];
  readonly #network: TrainableNetwork;
  readonly #found: FoundLeakyRate | undefined;
  readonly #dt: number;

  /** @throws CajalError `no-leaky-rate`, `bad-leaky-rate`, `duplicate-term`, `bad-range`. */
  constructor({ network, task, regularisers, loss, run }: ResolvedTraining) {
    this.#network = network;
    this.#dt = task.dt;
    this.#terms = regularisers.filter((term): term is OmegaTerm => term.kind === "omega");
    const names = [...loss, ...regularisers].map(({ name, kind }) => name ?? kind);
    for (const { name = "omega", weight = 1 } of this.#terms) {
      const where = `loss "${name}"`;
      checkNumber(weight, "weight", { where, least: 0 });
      if (names.indexOf(name) === names.lastIndexOf(name)) continue;
      throw new CajalError("two terms have this name", { code: "duplicate-term", where });
    }
    if (this.#terms.length === 0) return;
    const { leaky } = network;
    const fail = (what: string, hint: string) =>
      new CajalError(what, { code: "no-leaky-rate", where: "omega", hint });
    if (!leaky) throw fail("the network does not say how its state leaks", "Give it the field leaky.");
    if (run.method !== undefined && run.method !== "explicit")
      throw fail(`Ω is defined for Euler's method, not for ${run.method}`, "Leave out run.method.");
    if (!network.trainable.includes(leaky.weights))
      throw fail(`"${leaky.weights}" are not trained`, "Ω acts on recurrent weights alone; leave it out.");
    this.#found = findLeakyRate(network.network, leaky);
    this.record = [leaky.state];
    this.sums = [this.#found.sum];
  }

  /** Adds to gradients. @returns Each Ω by name, and Σ λ Ω. */
  add(sources: OmegaSources): { terms: Record<string, number>; total: number } {
    const terms: Record<string, number> = {};
    let total = 0;
    for (const { name = "omega", weight = 1 } of this.#terms) {
      terms[name] = this.#one(sources, weight);
      total += weight * terms[name];
    }
    return { terms, total };
  }

  // Implementation

  #one({ batch, records, sums, values, gradients, products }: OmegaSources, weight: number): number {
    const { units, sum, slope } = this.#found!;
    const { weights, state, gain: named } = this.#network.leaky!;
    const gain = (named !== undefined && values[named]) || this.#found!.gain;
    // The sum acts on x by α alone: its adjoint is α d.
    const alpha = this.#alpha(values);
    const work = createWork(records[state].length / (units * batch), units, batch);
    setSlopes(work, { x: records[state], gain, slope });
    const dSum = sums[sum];
    const back = products.back(weights, dSum);
    const counted = measure(work, { dSum, back, alpha });
    if (counted === 0) return 0;
    const value = scale(work, counted);
    if (weight === 0) return value;
    const direct = products.outer(weights, dSum, work.reads);
    const out = gradients[weights];
    for (let k = 0; k < out.length; k++) out[k] += weight * direct[k];
    return value;
  }

  /** α of all units, or of each. */
  #alpha(values: OmegaSources["values"]): Float64Array {
    const { tau, alpha = tau } = this.#network.leaky!;
    const leak = (alpha !== undefined && values[alpha]) || this.#found!.leak;
    if (!leak) return Float64Array.of(1);
    return alpha === tau ? leak.map((one) => this.#dt / one) : leak;
  }
}

interface Work {
  time: number;
  units: number;
  batch: number;
  /** f′ of every state, shape `(time, unit, batch)`. */
  slopes: Float64Array;
  /** d ∂x_t/∂x_{t−1}, then what the derivative of Ω takes of the state before; same shape, 0 at the first step. */
  reads: Float64Array;
  /** ‖d_t‖² and ‖d_t ∂x_t/∂x_{t−1}‖², shape `(time, batch)`. */
  below: Float64Array;
  above: Float64Array;
}

function createWork(time: number, units: number, batch: number): Work {
  const array = () => new Float64Array(time * units * batch);
  const norms = () => new Float64Array(time * batch);
  return { time, units, batch, slopes: array(), reads: array(), below: norms(), above: norms() };
}

/** Of one value for all units, or of one each. */
const ofUnit = (values: Float64Array, unit: number) => values[values.length > 1 ? unit : 0];

function setSlopes(
  { time, units, batch, slopes }: Work,
  { x, gain, slope }: { x: ArrayLike<number>; gain?: Float64Array; slope: (x: number) => number },
): void {
  for (let row = 0; row < time * units; row++) {
    const g = gain ? ofUnit(gain, row % units) : 1;
    for (let k = row * batch; k < (row + 1) * batch; k++) slopes[k] = g * slope(g * x[k]);
  }
}

/** Sets norms and the vectors they are of. @returns How many steps of trials have a gradient. */
function measure(
  { time, units, batch, slopes, reads, below, above }: Work,
  { dSum, back, alpha }: { dSum: ArrayLike<number>; back: ArrayLike<number>; alpha: Float64Array },
): number {
  const size = units * batch;
  let counted = 0;
  for (let t = 1; t < time; t++) {
    for (let unit = 0; unit < units; unit++) {
      const a = ofUnit(alpha, unit);
      const row = t * size + unit * batch;
      for (let b = 0; b < batch; b++) {
        const k = row + b;
        const d = dSum[k] / a;
        const pulled = (1 - a) * d + back[k] * slopes[k - size];
        reads[k] = pulled;
        below[t * batch + b] += d * d;
        above[t * batch + b] += pulled * pulled;
      }
    }
    for (let at = t * batch; at < (t + 1) * batch; at++) if (below[at] >= LEAST_NORM) counted++;
  }
  return counted;
}

/** Turns vectors into what the outer product takes. @returns Ω. */
function scale({ time, units, batch, slopes, reads, below, above }: Work, counted: number): number {
  const size = units * batch;
  let sum = 0;
  for (let t = 1; t < time; t++) {
    for (let b = 0; b < batch; b++) {
      const at = t * batch + b;
      const counts = below[at] >= LEAST_NORM;
      const excess = counts ? above[at] / below[at] - 1 : 0;
      sum += excess * excess;
      // d(excess²)/dv of v = pulled; from v to W it is one outer product.
      const factor = counts ? (4 * excess) / (below[at] * counted) : 0;
      for (let k = t * size + b; k < (t + 1) * size; k += batch) reads[k] *= factor * slopes[k - size];
    }
  }
  return sum / counted;
}
