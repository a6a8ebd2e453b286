/**
 * @file A run that was written down, and whether it fits the run that is to go on from it.
 */

import { CajalError } from "../../core/index.ts";
import type { Divergence, SpikeRecord, SynapseRecord } from "../../engine/index.ts";
import type { PhaseResult } from "./phase-result.ts";
import type { Phase } from "./phases.ts";

/** Everything a run goes on from. */
export interface SavedRun {
  step: number;
  /** Those that are over, and the one under way. */
  phases: readonly Phase[];
  /** What is recorded, as text to compare. */
  recording: string;
  /** Shape `(phase, instance)`. */
  done: PhaseResult[][];
  diverged: Divergence[];
  image: Uint8Array;
  /** Of the phase under way, shape `(instance)`. */
  spikes: SpikeRecord[];
  /** Further variables of the phase under way, by name, shape `(instance)`; absent where it has none. */
  further?: Record<string, SpikeRecord>[];
  /** Shape `(instance, projection)`. */
  synapses: SynapseRecord[][];
}

/** First and last step of phase k; the end is not part of it. */
export function atStep(phases: readonly Phase[], k: number): { start: number; end: number } {
  let start = 0;
  for (let i = 0; i < k; i++) start += phases[i].steps;
  return { start, end: start + (phases[k]?.steps ?? 0) };
}

/** @throws CajalError `bad-image` when the saved run has another past than a run of these phases. */
export function checkSaved(saved: SavedRun, phases: readonly Phase[], recording: string): void {
  const fail = (what: string, hint: string): never => {
    throw new CajalError(what, { code: "bad-image", where: "restore", hint });
  };
  if (saved.recording !== recording) {
    fail(
      "the run was saved with another seed or other recordings",
      "Make it with the options it was saved with.",
    );
  }
  const over = saved.done.length;
  const wanted = "Phases that are over, and the one under way, must be those of the saved run.";
  for (let k = 0; k < over; k++) {
    if (JSON.stringify(saved.phases[k]) === JSON.stringify(phases[k])) continue;
    fail(`phase ${k + 1} was "${saved.phases[k].name}" with other steps or rules`, wanted);
  }
  const { start, end } = atStep(phases, over);
  if (saved.step === start) return;
  const { steps: _before, ...was } = saved.phases[over];
  const { steps: _now, ...is } = phases[over] ?? { steps: 0, name: "" };
  if (saved.step < end && JSON.stringify(was) === JSON.stringify(is)) return;
  fail(
    `the run was saved in phase "${was.name}" at step ${saved.step}, which does not fit "${is.name}"`,
    wanted,
  );
}
