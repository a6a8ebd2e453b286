/**
 * @file Ω in the loop of training: once the gradient of the loss is known, its immediate derivative is added to that of
 * the recurrent weights, as Song, Yang & Wang (2016) do. Nothing is differentiated twice. The same as `losses/omega.ts`,
 * with the products of the engine.
 */

import { CajalError } from "../../../core/index.ts";
import type { Products } from "../../../engine/index.ts";
import { checkNumber } from "../parameters.ts";
import { type FoundLeakyRate, findLeakyRate } from "./leaky-rate.ts";
import { type WorkTeam, workAlone } from "./shared-work.ts";
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
  /** Who does the rest, default this thread. */
  team?: WorkTeam;
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
  readonly #alone = workAlone();

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

  #one({ batch, records, sums, values, gradients, ...given }: OmegaSources, weight: number): number {
    const { products, team = this.#alone } = given;
    const { units, sum } = this.#found!;
    const { weights, state, activation, gain: named } = this.#network.leaky!;
    const gain = (named !== undefined && values[named]) || this.#found!.gain || Float64Array.of(1);
    // The sum acts on x by α alone: its adjoint is α d.
    const [x, dSum, alpha] = [records[state], sums[sum], this.#alpha(values)];
    const shape = { time: x.length / (units * batch), units, batch };
    const array = (key: string, { length }: { length: number }) => team.room(key, "f64", length);
    const norms = { length: shape.time * batch };
    const work = {
      shape,
      slopes: array("slopes", x),
      pulled: array("pulled", x),
      below: array("below", norms),
      above: array("above", norms),
    };
    const back = products.back(weights, dSum);
    const [counted] = team.divide({ ...work, kind: "omega-norms", x, dSum, back, activation, gain, alpha });
    if (counted === 0) return 0;
    const reads = team.room("reads", x instanceof Float32Array ? "f32" : "f64", x.length);
    const [all] = team.divide({ ...work, kind: "omega-reads", counted, reads });
    if (weight === 0) return all / counted;
    const direct = products.outer(weights, dSum, reads);
    const out = gradients[weights];
    for (let k = 0; k < out.length; k++) out[k] += weight * direct[k];
    return all / counted;
  }

  /** α of all units, or of each. */
  #alpha(values: OmegaSources["values"]): Float64Array {
    const { tau, alpha = tau } = this.#network.leaky!;
    const leak = (alpha !== undefined && values[alpha]) || this.#found!.leak;
    if (!leak) return Float64Array.of(1);
    return alpha === tau ? leak.map((one) => this.#dt / one) : leak;
  }
}
