/**
 * @file A task over one continuous series: an input and the targets wanted at the same step, without trials.
 */

/** Input and targets of every step; step t of the target is wanted after step t of the input was seen. */
export interface SeriesTask {
  kind: "series";
  /** Shape `(time, input)`, row-major. */
  input: Float64Array;
  /** Columns of `input`. */
  inputs: number;
  /** Shape `(time, output)`, row-major. */
  target: Float64Array;
  /** Columns of `target`. */
  outputs: number;
  /** Rows of both. */
  steps: number;
  /** Name of each output, shape `(output)`, e.g. `delay 3`. */
  outputNames: string[];
  /** Steps from input to target of each output, shape `(output)`: > 0 in the future, < 0 in the past. */
  horizons: number[];
}
