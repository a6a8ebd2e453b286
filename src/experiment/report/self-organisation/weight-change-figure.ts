/**
 * @file How much weights change against how strong they are, from the copies that a run keeps of them.
 */

import { weightChange as changesOf, type WeightSnapshot } from "../../../analysis/index.ts";
import { formatCount, formatNumber, weightChange } from "../../../plot/index.ts";
import type { ReportFigure } from "../report-figures.ts";
import type { SeedView, WeightList } from "./seed-view.ts";

/** Synapses in a bin without which its mean says too little. */
const FEWEST = 5;

/** |Δw| between the last two copies taken while rules acted, first seed; undefined where there are not two. */
export async function weightChangeFigure(view: SeedView): Promise<ReportFigure | undefined> {
  const plastic = view.snapshots.filter(({ step }) => step <= view.end);
  const [before, after] = plastic.slice(-2);
  if (after === undefined) return undefined;
  const pairs = (of: WeightList) => snapshotOf(of, view.units);
  const found = changesOf(pairs(before.weights), pairs(after.weights), { bins: 12 });
  const bins = [...found.count.keys()].filter((k) => found.count[k] >= FEWEST);
  if (bins.length < 3) return undefined;
  const later = pairs(after.weights);
  const survivors = [...pairs(before.weights)].filter(([key]) => later.has(key));
  const of = (values: ArrayLike<number>) => bins.map((k) => values[k]);
  const line = interceptOf(survivors, later, found.slope);
  // Single connections that changed most would squeeze the means into the foot of the axis.
  const most = 1.5 * Math.max(...bins.map((k) => found.change[k] + found.standardError[k]));
  const moved = survivors.map(([key, w]) => [w, Math.abs(later.get(key)! - w)] as const);
  const shown = moved.filter(([, change]) => change <= most);
  const beyond = moved.length - shown.length;
  const svg = await weightChange(
    {
      weight: of(found.weight),
      change: of(found.change),
      error: of(found.standardError),
      samples: { x: shown.map(([w]) => w), y: shown.map(([, change]) => change) },
      fit: { slope: found.slope, intercept: line, standardError: found.slopeError },
    },
    { steps: after.step - before.step },
  );
  const caption = `How much the ${formatCount(found.survivors)} E→E weights that were there both after ${formatCount(before.step)} and after ${formatCount(after.step)} steps have changed, against what they were; first seed, means ± standard error in bins, dots behind: single connections${beyond > 0 ? `, ${formatCount(beyond)} of them above the axis` : ""}. Changes that do not know the weight would give slope 0, changes in proportion to it a straight line through 0. Exponent over bins ${formatNumber(found.exponent, 2)} (0: additive, 1: in proportion); ${formatCount(found.lost)} connections were lost in between and ${formatCount(found.gained)} are new.`;
  return { svg, caption, width: 12.2 };
}

// Implementation

function snapshotOf({ post, pre, values }: WeightList, units: number): WeightSnapshot {
  return new Map(Array.from(values, (w, k) => [post[k] * units + pre[k], w]));
}

/** A line of least squares goes through the middle of its points. */
function interceptOf(survivors: readonly [number, number][], later: WeightSnapshot, slope: number): number {
  let [w, change] = [0, 0];
  for (const [key, weight] of survivors) {
    w += weight;
    change += Math.abs(later.get(key)! - weight);
  }
  return (change - slope * w) / survivors.length;
}
