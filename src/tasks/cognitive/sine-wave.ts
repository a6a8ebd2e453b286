/**
 * @file A sine wave that a network is to make by itself, over as many periods as it is left alone: an autonomous
 * oscillation, as among the examples of pycog, the code of Song, Yang & Wang (2016), PLoS Comput. Biol. 12:e1004792.
 */

import { CajalError, sin } from "../../core/index.ts";
import { defineTask } from "./define-task.ts";
import type { Timing } from "./periods.ts";
import type { Task } from "./trial.ts";

/** Options of {@link sineWave}. */
export interface SineWaveOptions {
  /** Step [ms], default 10 (τ/10). */
  dt?: number;
  /** Length of a period [ms], default 800 (8 τ); at least two steps. */
  period?: number;
  /** Periods of a trial, > 0, default 2. A whole number lets trials follow each other without a jump. */
  periods?: number;
  /** Default 0.9. */
  amplitude?: number;
  /** How long the input `cue` is 1 at the start of a trial [ms], default 100 (τ); 0: nothing is shown, at any time. */
  cue?: number;
  /** Duration of the one period, `wave`, in place of `periods`, e.g. to draw it. */
  timing?: Timing;
}

/**
 * A sine wave: the output at the end of step k is to be A sin(2π (k + 1) dt / period), from the first step on. One input,
 * a short `cue`, says when it begins; what follows is the network's own. In pycog's example τ is 100 ms, σ_rec 0.05,
 * biases are trained, and it ends at a root mean square error of 0.05.
 *
 * Departure: in pycog nothing is shown. `cue: 0` is that, and trials that begin anew can be learned so, by their start;
 * where they follow each other (`continuous`) nothing would say when the wave begins, and 0 would be the best answer.
 *
 * @throws CajalError `bad-option`, `bad-duration`, `unknown-period`.
 * @example train({ network, task: sineWave(), continuous: true, batchSize: 10, updates: 1000 })
 */
export function sineWave(options: SineWaveOptions = {}): Task {
  const { dt = 10, period = 800, periods = 2, amplitude = 0.9, cue = 100, timing } = options;
  if (!(period >= 2 * dt)) refuse(`period must be at least two steps of ${dt} ms, got ${period} ms`);
  if (!(periods > 0)) refuse(`periods must be above 0, got ${periods}`);
  if (!Number.isFinite(amplitude)) refuse(`amplitude must be a number, got ${amplitude}`);
  if (!(cue >= 0)) refuse(`cue must be ≥ 0 ms, got ${cue}`);
  return defineTask({
    name: "sine wave",
    dt,
    inputs: ["cue"],
    outputs: ["wave"],
    periods: [{ name: "wave", duration: periods * period }],
    timing,
    readout: { kind: "trace" },
    continuous: true,
    fill(draft) {
      draft.showAt(0, Math.min(draft.steps, Math.round(cue / dt)), "cue", 1);
      for (let k = 0; k < draft.steps; k++)
        draft.targets[k] = amplitude * sin((2 * Math.PI * (k + 1) * dt) / period);
      draft.count("wave");
      return {};
    },
  });
}

// Implementation

function refuse(what: string): never {
  throw new CajalError(what, { code: "bad-option", where: "sineWave" });
}
