/**
 * @file Ω in the loop of training: once the gradient of the loss is known, its immediate derivative is added to that of
 * the recurrent weights, as Song, Yang & Wang (2016) do. Nothing is differentiated twice.
 */

import { CajalError } from "../../../core/index.ts";
import { omega } from "../losses/omega.ts";
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

  #one({ batch, records, sums, values, gradients }: OmegaSources, weight: number): number {
    const { units, places, sum, slope } = this.#found!;
    const { weights, state, gain: named } = this.#network.leaky!;
    const gain = (named !== undefined && values[named]) || this.#found!.gain;
    const alpha = this.#alpha(values);
    const [x, dSum, w] = [records[state], sums[sum], values[weights]];
    const perUnit = alpha.length > 1;
    const stateGradients = new Float64Array(dSum.length);
    const slopes = new Float64Array(x.length);
    for (let k = 0; k < dSum.length; k++) {
      // The sum acts on x by α alone.
      stateGradients[k] = dSum[k] / alpha[perUnit ? Math.floor(k / batch) % units : 0];
      const g = gain ? gain[gain.length > 1 ? Math.floor(k / batch) % units : 0] : 1;
      slopes[k] = g * slope(g * x[k]);
    }
    const dense = places ? scatter(w, places, units) : w;
    const gradient = places && weight > 0 ? new Float64Array(dense.length) : gradients[weights];
    const value = omega({
      stateGradients,
      slopes,
      weights: dense,
      shape: { time: dSum.length / (units * batch), units, batch },
      alpha: perUnit ? alpha : alpha[0],
      ...(weight > 0 && { into: { gradient, weight } }),
    });
    if (places && weight > 0) {
      const out = gradients[weights];
      for (let k = 0; k < places.length; k++) out[k] += gradient[places[k]];
    }
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

function scatter(values: Float64Array, places: Int32Array, units: number): Float64Array {
  const out = new Float64Array(units * units);
  for (let k = 0; k < places.length; k++) out[places[k]] = values[k];
  return out;
}
