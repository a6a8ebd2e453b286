/**
 * @file Cut a series into an input and its own past or future as targets. The slicing is that of conn2res's series
 * tasks (Suárez et al. 2024): of n + window + H + 1 rows, n remain, so that every target exists.
 */

import { CajalError } from "../../core/index.ts";
import type { SeriesTask } from "./series-task.ts";

/**
 * Input and targets at given horizons from one series: with H the largest |horizon|, input row t is series row
 * window + t and the target of horizon h is series row window + t + h, for t = 0 … rows − window − H − 2.
 *
 * @param series - Shape `(time, input)`, row-major; a plain list of numbers is one input.
 * @param options.horizons - Steps ahead (> 0, prediction) or back (< 0, memory), whole numbers of one sign.
 * @param options.window - Rows before the first input that horizons may reach back to, ≥ H, default 30.
 * @param options.inputs - Columns of `series`, default 1.
 * @returns Targets of every input at horizon 1, then of every input at horizon 2, and so on.
 * @throws CajalError `bad-horizon`, `bad-window`, `shape` or `series-too-short`.
 * @example sliceHorizons(lorenz, { horizons: [1, 5], window: 30, inputs: 3 }) // 6 outputs
 */
export function sliceHorizons(
  series: ArrayLike<number>,
  options: { horizons: number | ArrayLike<number>; window?: number; inputs?: number },
): SeriesTask {
  const { window = 30, inputs = 1 } = options;
  const horizons = Array.from(typeof options.horizons === "number" ? [options.horizons] : options.horizons);
  const reach = checkHorizons(horizons, window);
  const rows = series.length / inputs;
  if (!Number.isInteger(rows)) {
    fail(`${series.length} values do not hold whole rows of ${inputs} inputs`, "shape", "");
  }
  const steps = rows - window - reach - 1;
  if (steps < 1) {
    const hint = `Give at least ${window + reach + 2} rows.`;
    fail(`${rows} rows leave no step after window ${window} and horizon ${reach}`, "series-too-short", hint);
  }
  const outputs = horizons.length * inputs;
  const target = new Float64Array(steps * outputs);
  for (let t = 0; t < steps; t++) {
    for (let k = 0; k < horizons.length; k++) {
      const from = (window + t + horizons[k]) * inputs;
      for (let i = 0; i < inputs; i++) target[t * outputs + k * inputs + i] = series[from + i];
    }
  }
  const input = Float64Array.from({ length: steps * inputs }, (_, k) => series[window * inputs + k]);
  const expand = <T>(f: (h: number, i: number) => T) =>
    horizons.flatMap((h) => Array.from({ length: inputs }, (_, i) => f(h, i)));
  return {
    kind: "series",
    input,
    inputs,
    target,
    outputs,
    steps,
    outputNames: expand((h, i) => horizonName(h) + (inputs > 1 ? `, input ${i}` : "")),
    horizons: expand((h) => h),
  };
}

// Implementation

/** Largest |horizon|, after checking that they fit each other and the window. */
function checkHorizons(horizons: number[], window: number): number {
  if (horizons.length === 0)
    fail("no horizon given", "bad-horizon", "Give at least one, e.g. horizons: [1].");
  const odd = horizons.find((h) => !Number.isInteger(h));
  if (odd !== undefined) {
    fail(`horizons must be whole numbers of steps, got ${odd}`, "bad-horizon", "");
  }
  if (horizons.some((h) => Math.sign(h) !== Math.sign(horizons[0]))) {
    const hint = "Use only positive ones (prediction) or only negative ones (memory).";
    fail(`horizons must have one sign, got ${horizons.join(", ")}`, "bad-horizon", hint);
  }
  const reach = Math.max(...horizons.map(Math.abs));
  if (!Number.isInteger(window) || window < reach) {
    const hint = `Set window to ${reach} or more.`;
    fail(`window must be a whole number ≥ the largest horizon (${reach}), got ${window}`, "bad-window", hint);
  }
  return reach;
}

function horizonName(h: number): string {
  if (h === 0) return "now";
  return h < 0 ? `delay ${-h}` : `horizon ${h}`;
}

function fail(what: string, code: string, hint: string): never {
  throw new CajalError(what, { code, where: "sliceHorizons", hint: hint || undefined });
}
