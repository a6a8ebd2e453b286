/**
 * @file States to be classified, as numbers or bit-packed, and a reader that turns either into lists of the units that
 * are not 0. Of binary states with a tenth of the units active, nine tenths of the work then is not done.
 */

import { CajalError } from "../../core/index.ts";

/** Binary states of many steps, eight units to a byte. */
export interface PackedStates {
  units: number;
  steps: number;
  /** Shape `(time, byte)`, ⌈units / 8⌉ bytes a step: unit u is bit `u & 7` of byte `u >> 3`. */
  bits: Uint8Array;
}

/** States as numbers, shape `(time, unit)`, row-major, or bit-packed. */
export type States = ArrayLike<number> | PackedStates;

/** States beside the class of each step. */
export interface LabelledStates {
  states: States;
  /** Class 0 … classes − 1 of each step, shape `(time)`; a step of a negative class is left out. */
  labels: ArrayLike<number>;
}

/** Whether states are bit-packed. */
export function isPacked(states: States): states is PackedStates {
  return "bits" in states;
}

/** Reads one step at a time: the units that are not 0, ascending, and their values. */
export class StateRows {
  readonly steps: number;
  readonly units: number;
  /** Units of the step read last that are not 0; the first `count` entries. */
  readonly index: Int32Array;
  /** Their values. */
  readonly value: Float64Array;
  count = 0;
  readonly #states: States;

  /** @throws CajalError `shape` when the states are not whole steps of `units` units. */
  constructor(where: string, states: States, units: number) {
    this.steps = checkedSteps(where, states, units);
    this.units = units;
    this.index = new Int32Array(units);
    this.value = new Float64Array(units);
    if (isPacked(states)) this.value.fill(1);
    this.#states = states;
  }

  /** Read step t. */
  read(t: number): void {
    if (isPacked(this.#states)) this.#readBits(this.#states.bits, t);
    else this.#readNumbers(this.#states, t);
  }

  #readBits(bits: Uint8Array, t: number): void {
    const { units, index } = this;
    const bytes = (units + 7) >> 3;
    let count = 0;
    for (let b = 0; b < bytes; b++) {
      let byte = bits[t * bytes + b];
      // Bits after the last unit may hold anything.
      if (b === bytes - 1 && units & 7) byte &= (1 << (units & 7)) - 1;
      while (byte !== 0) {
        index[count++] = b * 8 + 31 - Math.clz32(byte & -byte);
        byte &= byte - 1;
      }
    }
    this.count = count;
  }

  #readNumbers(states: ArrayLike<number>, t: number): void {
    const { units, index, value } = this;
    let count = 0;
    for (let u = 0; u < units; u++) {
      const x = states[t * units + u];
      if (x === 0) continue;
      index[count] = u;
      value[count++] = x;
    }
    this.count = count;
  }
}

/**
 * Check that there is one class for each step.
 *
 * @throws CajalError `shape` or `bad-label`.
 */
export function checkLabels(
  where: string,
  labels: ArrayLike<number>,
  { steps, classes }: { steps: number; classes: number },
): void {
  if (labels.length !== steps) {
    const hint = "Give one class for each step; a negative one leaves the step out.";
    throw new CajalError(`${labels.length} labels for ${steps} steps`, { code: "shape", where, hint });
  }
  for (let t = 0; t < steps; t++) {
    const label = labels[t];
    if (Number.isInteger(label) && label < classes) continue;
    throw new CajalError(`label of step ${t} must be a class from 0 to ${classes - 1}, got ${label}`, {
      code: "bad-label",
      where,
      hint: "Raise classes, or give a negative label to leave the step out.",
    });
  }
}

/** @throws CajalError `bad-option` unless units ≥ 1 and classes ≥ 2 are whole numbers. */
export function checkSizes(where: string, { units, classes }: { units: number; classes: number }): void {
  for (const [name, value, least] of [
    ["units", units, 1],
    ["classes", classes, 2],
  ] as const) {
    if (Number.isInteger(value) && value >= least) continue;
    throw new CajalError(`${name} must be a whole number ≥ ${least}, got ${value}`, {
      code: "bad-option",
      where,
    });
  }
}

// Implementation

function checkedSteps(where: string, states: States, units: number): number {
  if (isPacked(states)) {
    if (states.units !== units) {
      throw new CajalError(`packed states have ${states.units} units, not ${units}`, {
        code: "shape",
        where,
        hint: "Give states of the units the readout was made for.",
      });
    }
    const bytes = states.steps * ((units + 7) >> 3);
    if (states.bits.length < bytes) {
      throw new CajalError(
        `${states.bits.length} bytes do not hold ${states.steps} steps of ${units} units`,
        {
          code: "shape",
          where,
          hint: `That takes ${bytes}: each step begins a new byte.`,
        },
      );
    }
    return states.steps;
  }
  const steps = states.length / units;
  if (Number.isInteger(steps)) return steps;
  throw new CajalError(`${states.length} states do not hold whole rows of ${units} units`, {
    code: "shape",
    where,
    hint: "Give states of shape (time, unit).",
  });
}
