/**
 * @file The trained numbers θ of a network, kept in double precision: written to the engine as weights that act, moved
 * by the optimiser, and brought back to what constraints and bounds allow, exactly, after each step.
 */

import { CajalError } from "../../../core/index.ts";
import type { BatchGradient } from "../../../engine/index.ts";
import {
  effectiveWeights,
  parametersFor,
  projectParameters,
  pullBackGradient,
} from "../constraints/enforce.ts";
import type { TrainableNetwork } from "./trainable-network.ts";

/** A number that is not finite. */
export interface BadNumber {
  /** Name of the trainable. */
  name: string;
  index: number;
  value: number;
}

/** θ of everything that is trained. */
export class TrainedParameters {
  /** By name of the trainable; changed in place by the optimiser. */
  readonly theta: Record<string, Float64Array> = {};
  /** Weights as they act and all other values, as the engine has them; current after {@link write}. */
  readonly effective: Record<string, Float64Array> = {};
  readonly #gradient: BatchGradient;
  readonly #constraints: NonNullable<TrainableNetwork["constraints"]>;
  readonly #bounds: NonNullable<TrainableNetwork["bounds"]>;
  readonly #kept: Record<string, Float64Array> = {};

  /** @throws CajalError `constraint-shape`. */
  constructor({ trainable, constraints = {}, bounds = {} }: TrainableNetwork, gradient: BatchGradient) {
    this.#gradient = gradient;
    this.#constraints = constraints;
    this.#bounds = bounds;
    for (const name of trainable) {
      const values = gradient.get(name);
      const constraint = constraints[name];
      this.theta[name] = constraint ? (parametersFor(constraint, values) as Float64Array) : values;
      this.effective[name] = new Float64Array(values.length);
    }
    this.project();
    this.write();
  }

  /** Set the engine to θ. */
  write(): void {
    for (const [name, theta] of Object.entries(this.theta)) {
      const constraint = this.#constraints[name];
      if (constraint) effectiveWeights(constraint, theta, this.effective[name]);
      else this.effective[name].set(theta);
      this.#gradient.set(name, this.effective[name]);
    }
  }

  /** Turn gradients of what acts into those of θ, in place. */
  pullBack(gradients: Readonly<Record<string, Float64Array>>): void {
    for (const [name, constraint] of Object.entries(this.#constraints))
      pullBackGradient(constraint, this.theta[name], gradients[name]);
  }

  /** Bring θ back to what is allowed. */
  project(): void {
    for (const [name, constraint] of Object.entries(this.#constraints))
      projectParameters(constraint, this.theta[name]);
    for (const [name, [least, most]] of Object.entries(this.#bounds)) {
      const values = this.theta[name];
      for (let k = 0; k < values.length; k++) values[k] = Math.min(Math.max(values[k], least), most);
    }
  }

  /** Remember θ, for {@link goBack}. */
  keep(): void {
    for (const [name, values] of Object.entries(this.theta)) {
      this.#kept[name] ??= new Float64Array(values.length);
      this.#kept[name].set(values);
    }
  }

  /** Go back to what was kept. */
  goBack(): void {
    this.replace(this.#kept);
  }

  /** A copy of θ. */
  copy(): Record<string, Float64Array> {
    return Object.fromEntries(Object.entries(this.theta).map(([name, values]) => [name, values.slice()]));
  }

  /** Values as they act of a θ, e.g. of the best so far. */
  act(theta: Readonly<Record<string, Float64Array>>): Record<string, Float64Array> {
    return Object.fromEntries(
      Object.entries(theta).map(([name, values]) => {
        const constraint = this.#constraints[name];
        return [name, constraint ? (effectiveWeights(constraint, values) as Float64Array) : values.slice()];
      }),
    );
  }

  /** Take over θ and set the engine to it. @throws CajalError `bad-parameters`. */
  replace(theta: Readonly<Record<string, Float64Array>>): void {
    for (const [name, values] of Object.entries(this.theta)) {
      const given = theta[name];
      if (given?.length !== values.length) {
        const what = given
          ? `${given.length} values for "${name}", wanted ${values.length}`
          : `no values for "${name}"`;
        throw new CajalError(what, {
          code: "bad-parameters",
          where: "restore",
          hint: "Make the trainer for the network that was trained.",
        });
      }
      values.set(given);
    }
    this.write();
  }
}

/** The first number that is not finite, in the order of names. */
export function findBadNumber(values: Readonly<Record<string, ArrayLike<number>>>): BadNumber | undefined {
  for (const [name, array] of Object.entries(values)) {
    if (areFinite(array)) continue;
    for (let index = 0; index < array.length; index++) {
      if (!Number.isFinite(array[index])) return { name, index, value: array[index] };
    }
  }
  return undefined;
}

// Implementation

/** Whether all are: 0 times any other is NaN. Four sums, since one has to wait for each of its additions. */
function areFinite(values: ArrayLike<number>): boolean {
  let [a, b, c, d] = [0, 0, 0, 0];
  const whole = values.length & ~3;
  for (let k = 0; k < whole; k += 4) {
    a += 0 * values[k];
    b += 0 * values[k + 1];
    c += 0 * values[k + 2];
    d += 0 * values[k + 3];
  }
  for (let k = whole; k < values.length; k++) a += 0 * values[k];
  return a + b + c + d === 0;
}
