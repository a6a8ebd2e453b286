/**
 * @file Moments of recorded states beside their targets, for fits from arrays; a run streams the same moments.
 */

import { accumulateMoments, CajalError, type Moments } from "../../core/index.ts";

/**
 * Moments of states and targets side by side.
 *
 * @param states - Shape `(time, unit)`. @param targets - Shape `(time, output)`.
 * @returns Moments of the variables [units …, outputs …].
 * @throws CajalError `shape` when they do not have the same number of rows.
 */
export function momentsOf(
  states: ArrayLike<number>,
  targets: ArrayLike<number>,
  options: { units: number; outputs: number; weights?: ArrayLike<number> },
): Moments {
  const { units, outputs, weights } = options;
  const rows = states.length / units;
  if (!Number.isInteger(rows) || rows * outputs !== targets.length) {
    const what = `${states.length} states of ${units} units and ${targets.length} targets of ${outputs} outputs`;
    throw new CajalError(`${what} do not have the same number of rows`, {
      code: "shape",
      where: "momentsOf",
    });
  }
  return accumulateMoments(joinedBlocks(states, targets, { rows, units, outputs }), {
    variables: units + outputs,
    weights,
  });
}

// Implementation

/** Rows of states and targets joined at a time. */
const BLOCK = 256;

function* joinedBlocks(
  states: ArrayLike<number>,
  targets: ArrayLike<number>,
  { rows, units, outputs }: { rows: number; units: number; outputs: number },
): Generator<Float64Array> {
  const width = units + outputs;
  for (let first = 0; first < rows; first += BLOCK) {
    const last = Math.min(first + BLOCK, rows);
    const block = new Float64Array((last - first) * width);
    for (let t = first; t < last; t++) {
      const at = (t - first) * width;
      for (let i = 0; i < units; i++) block[at + i] = states[t * units + i];
      for (let o = 0; o < outputs; o++) block[at + units + o] = targets[t * outputs + o];
    }
    yield block;
  }
}
