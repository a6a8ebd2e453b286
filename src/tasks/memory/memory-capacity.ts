/**
 * @file The memory-capacity task: uniform random input, targets are the input 1 … k steps ago.
 * After Jaeger (2001), "Short term memory in echo state networks", GMD report 152.
 */

import { CajalError, type Rng } from "../../core/index.ts";
import { sliceHorizons } from "../series/horizon.ts";
import type { SeriesTask } from "../series/series-task.ts";

/**
 * Uniform input and its past. Values from before the first step are drawn too, so that every row of the target is
 * valid: row t of output k − 1 is the input of step t − k, also where t < k.
 *
 * @param options.steps - Length T of the series.
 * @param options.maxDelay - Longest delay k, default 20; there is one output for each delay 1 … k.
 * @param options.low - Lowest input, default −1.
 * @param options.high - Highest input, default 1.
 * @param options.rng - Source of the input.
 * @param options.compat - `"conn2res"` spends draws as conn2res does: a window of 30 before the first step (needs
 *   maxDelay ≤ 30) and k + 1 unused values after the last.
 * @throws CajalError `bad-option`; `bad-window` with `compat` and maxDelay > 30.
 * @example memoryCapacityTask({ steps: 4000, maxDelay: 20, rng: createRng(1).stream("task") })
 */
export function memoryCapacityTask(options: {
  steps: number;
  maxDelay?: number;
  low?: number;
  high?: number;
  rng: Rng;
  compat?: "conn2res";
}): SeriesTask {
  const { steps, maxDelay = 20, low = -1, high = 1, rng, compat } = options;
  checkWhole("steps", steps);
  checkWhole("maxDelay", maxDelay);
  if (!(low < high) || !Number.isFinite(high - low)) {
    throw new CajalError(`low must be below high, got low ${low} and high ${high}`, {
      code: "bad-option",
      where: "memoryCapacityTask",
    });
  }
  const window = compat === "conn2res" ? CONN2RES_WINDOW : maxDelay;
  const unused = maxDelay + 1;
  const series = new Float64Array(window + steps + unused);
  // The slicing wants the unused rows at the end; only conn2res draws them, and nothing reads them.
  const drawn = compat === "conn2res" ? series.length : window + steps;
  for (let t = 0; t < drawn; t++) series[t] = low + (high - low) * rng.uniform();
  const horizons = Array.from({ length: maxDelay }, (_, k) => -1 - k);
  return sliceHorizons(series, { horizons, window });
}

// Implementation

/** Default `win` of conn2res's MemoryCapacity task. */
const CONN2RES_WINDOW = 30;

function checkWhole(name: string, value: number): void {
  if (Number.isInteger(value) && value >= 1) return;
  throw new CajalError(`${name} must be a whole number ≥ 1, got ${value}`, {
    code: "bad-option",
    where: "memoryCapacityTask",
  });
}
