/**
 * @file One step of a network under constant input as a map x ↦ F(x) of its state, for many states at once, with the
 * products Jᵀ v that the compiled gradient gives.
 */

import { CajalError, type DenseMatrix, suggest } from "../../../core/index.ts";
import { differentiate, type Gradient, type GradientOptions } from "../../../engine/index.ts";
import type { Network } from "../../../model/index.ts";
import { type NetworkState, networkState } from "./state-variables.ts";
import { withoutNoise } from "./without-noise.ts";

/** How {@link StepMap} runs. */
export interface StepMapOptions extends Pick<GradientOptions, "method" | "backend" | "surrogate"> {
  /** Step [ms]. */
  dt: number;
  /** States that are advanced at once, default 1. */
  points?: number;
  /** Constant inputs by name, shape `(input)`; those not named are 0. */
  inputs?: Readonly<Record<string, ArrayLike<number>>>;
  /** Variables to give beside the new state, e.g. `"out.z"`. */
  record?: readonly string[];
}

/** F and its derivative. States of all points have shape `(component, point)`. */
export class StepMap {
  readonly state: NetworkState;
  readonly points: number;
  readonly #step: Gradient;
  readonly #completion: Gradient | undefined;
  readonly #inputs: Readonly<Record<string, Float64Array>>;
  /** Variables that {@link recorded} gives. */
  readonly record: readonly string[];
  #recorded: Readonly<Record<string, ArrayLike<number>>> = {};

  /** @throws CajalError `unknown-input`, `shape`, and those of `networkState` and `differentiate`. */
  constructor(network: Network, { dt, points = 1, inputs = {}, record = [], ...options }: StepMapOptions) {
    const quiet = withoutNoise(network);
    const instant = quiet.projections.map((p) => ({ ...p, delay: 0 }));
    this.state = networkState(quiet, { dt });
    this.points = points;
    this.#inputs = completeInputs(quiet, inputs);
    this.record = record;
    const { variables, derived, completion } = this.state;
    const common = { ...options, dt, steps: 1, instances: points, precision: "f64" as const };
    const starts = (names: readonly string[]) => names.map((name) => `start:${name}`);
    const names = variables.map((v) => v.name);
    // A constant input is the same at every delay.
    this.#step = differentiate(
      { ...quiet, projections: instant },
      { ...common, trainable: starts([...names, ...derived]) },
    );
    const completed = names.filter((name) =>
      completion?.populations.some((p) => name.startsWith(`${p.name}.`)),
    );
    this.#completion = completion && differentiate(completion, { ...common, trainable: starts(completed) });
  }

  /** F of every state; also {@link recorded}. @param states - Shape `(component, point)`. */
  step(states: Float64Array): Float64Array {
    const initial = this.#initial(states);
    const names = this.state.variables.map((v) => v.name);
    const { records } = this.#step.forward({
      inputs: this.#inputs,
      initial,
      record: [...new Set([...names, ...this.record])],
    });
    this.#recorded = records;
    const next = new Float64Array(states.length);
    for (const { name, offset } of this.state.variables) next.set(records[name], offset * this.points);
    return next;
  }

  /** Variable `name` after the last step, shape `(unit, point)`. */
  recorded(name: string): Float64Array {
    return Float64Array.from(this.#recorded[name]);
  }

  /** Jᵀ v at the states of the last step. @param v - Shape `(component, point)`. */
  pullBack(v: Float64Array): Float64Array {
    const { variables, derived } = this.state;
    const { gradients } = this.#step.backward(
      Object.fromEntries(variables.map(({ name, offset, units }) => [name, this.#part(v, offset, units)])),
    );
    const through = this.#completion?.backward(
      Object.fromEntries(derived.map((name) => [name, gradients[`start:${name}`]])),
    );
    const out = new Float64Array(v.length);
    for (const { name, offset } of variables) {
      const direct = gradients[`start:${name}`];
      const indirect = through?.gradients[`start:${name}`];
      direct.forEach((g, k) => {
        out[offset * this.points + k] = g + (indirect ? indirect[k] : 0);
      });
    }
    return out;
  }

  /** ∂Fᵢ/∂xⱼ at the states of the last step, shape `(i, j)` for each point: a row is one pass back. */
  jacobians(): DenseMatrix[] {
    const { size } = this.state;
    const { points } = this;
    const all = Array.from({ length: points }, () => new Float64Array(size * size));
    const v = new Float64Array(size * points);
    for (let i = 0; i < size; i++) {
      v.fill(0);
      v.fill(1, i * points, (i + 1) * points);
      const row = this.pullBack(v);
      for (let j = 0; j < size; j++) {
        for (let k = 0; k < points; k++) all[k][i * size + j] = row[j * points + k];
      }
    }
    return all.map((values) => ({ kind: "dense", rows: size, columns: size, values }));
  }

  // Implementation

  /** The state and what follows from it, as a forward pass takes them. */
  #initial(states: Float64Array): Record<string, Float64Array> {
    const { variables, derived } = this.state;
    const initial = Object.fromEntries(
      variables.map(({ name, offset, units }) => [name, this.#part(states, offset, units)]),
    );
    if (!this.#completion) return initial;
    const own = Object.entries(initial).filter(([name]) =>
      this.#completion!.trainable.includes(`start:${name}`),
    );
    const { records } = this.#completion.forward({ initial: Object.fromEntries(own), record: derived });
    return {
      ...initial,
      ...Object.fromEntries(derived.map((name) => [name, Float64Array.from(records[name])])),
    };
  }

  #part(values: Float64Array, offset: number, units: number): Float64Array {
    return values.slice(offset * this.points, (offset + units) * this.points);
  }
}

// Implementation

function completeInputs(
  { inputs }: Network,
  given: Readonly<Record<string, ArrayLike<number>>>,
): Record<string, Float64Array> {
  const names = inputs.map((i) => i.name);
  for (const name of Object.keys(given)) {
    if (names.includes(name)) continue;
    throw new CajalError(`there is no input "${name}"`, {
      code: "unknown-input",
      where: "StepMap",
      hint: suggest(name, names),
    });
  }
  return Object.fromEntries(
    inputs.map(({ name, size }) => {
      const values = Float64Array.from(given[name] ?? new Float64Array(size));
      if (values.length === size) return [name, values];
      throw new CajalError(`${values.length} values for input "${name}" of ${size} channels`, {
        code: "shape",
        where: "StepMap",
        hint: "Inputs are constant: give shape (input).",
      });
    }),
  );
}
