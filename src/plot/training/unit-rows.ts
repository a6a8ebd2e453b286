/**
 * @file Order of units in a heat map: types together, and inside a type by the time they are most active.
 */

import { type Block, blocksOf } from "../weight-matrix-guides.ts";
import type { TrialPictureData } from "./trial-picture.ts";

/** Units from top to bottom, and the types they fall into. */
export function unitRows(
  { trials, units, unitTypes }: TrialPictureData,
  sort: "peak" | "given",
): { order: number[]; blocks: Block[] } {
  const blocks = blocksOf(unitTypes, units);
  if (sort === "peak") {
    const steps = Math.max(...trials.map((t) => t.steps));
    const peaks = Array.from({ length: units }, (_, u) => {
      let best = Number.NEGATIVE_INFINITY;
      let at = 0;
      for (let step = 0; step < steps; step++) {
        let sum = 0;
        for (const t of trials) if (step < t.steps) sum += t.activity[step * units + u];
        if (sum > best) {
          best = sum;
          at = step;
        }
      }
      return at;
    });
    for (const { members } of blocks) members.sort((a, b) => peaks[a] - peaks[b] || a - b);
  }
  return { order: blocks.flatMap((b) => b.members), blocks };
}
