/**
 * @file Transpose one instance out of a record, for readouts.
 */

import { CajalError } from "../../core/index.ts";

/** What to take from a record. */
export interface GatherOptions {
  /** Neurons in a step of the record. */
  neurons: number;
  /** Instances of a neuron, padding included. */
  stride: number;
  /** Instance to take, 0 … stride − 1. */
  instance: number;
  /** Neurons to take, in the order wanted; all by default. Shape `(unit)`. */
  units?: Int32Array;
  /** Steps to take from the front of the record; at most one row of `out`. */
  steps: number;
}

/**
 * Copy one instance of a record into rows of contiguous time.
 *
 * @param record - Shape `(time, neuron, instance)`.
 * @param out - Shape `(unit, time)`; row length is its length over the number of units. Columns from `steps` on
 *   keep what they held.
 * @throws CajalError `shape` when the record or `out` is too short, or a unit or the instance is not there.
 */
export function gatherBlock(
  record: Float64Array | Float32Array,
  options: GatherOptions,
  out: Float64Array,
): Float64Array {
  const { neurons, stride, instance, steps } = options;
  const units = options.units ?? Int32Array.from({ length: neurons }, (_, i) => i);
  checkGather(record.length, options, { units, room: out.length });
  const row = out.length / units.length;
  const step = neurons * stride;
  // Tiles of 8 steps: each row of `out` is written a cache line at a time.
  for (let first = 0; first < steps; first += 8) {
    const last = Math.min(first + 8, steps);
    for (let u = 0; u < units.length; u++) {
      let from = first * step + units[u] * stride + instance;
      for (let t = first; t < last; t++, from += step) out[u * row + t] = record[from];
    }
  }
  return out;
}

// Implementation

function checkGather(
  length: number,
  { neurons, stride, instance, steps }: GatherOptions,
  { units, room }: { units: Int32Array; room: number },
): void {
  const fail = (what: string, hint: string) => {
    throw new CajalError(what, { code: "shape", where: "gatherBlock", hint });
  };
  if (length < steps * neurons * stride) {
    fail(
      `a record of ${length} values does not hold ${steps} steps × ${neurons} neurons × ${stride} instances`,
      "Lower steps, or pass the layout the record was made with.",
    );
  }
  if (!(instance >= 0 && instance < stride)) {
    fail(`instance ${instance} is not one of 0 … ${stride - 1}`, "Instances count from 0.");
  }
  const unit = units.find((u) => u < 0 || u >= neurons);
  if (unit !== undefined) fail(`unit ${unit} is not one of 0 … ${neurons - 1}`, "Units count from 0.");
  if (room % Math.max(units.length, 1) !== 0 || room < steps * units.length) {
    fail(
      `out of ${room} values is not ${units.length} rows of at least ${steps}`,
      "Give out a length of units × block, block ≥ steps.",
    );
  }
}
