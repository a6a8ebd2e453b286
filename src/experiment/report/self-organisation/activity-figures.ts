/**
 * @file Figures of spikes: the raster with its activity, intervals, correlations of pairs.
 */

import {
  bernoulliIrregularity,
  fitGeometricIntervals,
  pairCorrelations,
  pooledIntervals,
  rasterIrregularity,
  rasterWindow,
} from "../../../analysis/index.ts";
import { log } from "../../../core/index.ts";
import {
  correlationMatrix,
  formatCount,
  formatNumber,
  intervalFigure,
  rasterFigure,
} from "../../../plot/index.ts";
import { SPIKE_STEPS } from "../../jobs/self-organisation/measure.ts";
import type { ReportFigure } from "../report-figures.ts";
import type { SeedView } from "./seed-view.ts";

/** Steps of the raster that is shown. */
export const SHOWN_STEPS = 500;
/** Intervals that are drawn. */
const MOST_INTERVALS = 200_000;

/** The last steps of the analysed phase. */
export async function lastSteps(view: SeedView, theta: number): Promise<ReportFigure | undefined> {
  const { raster, firstStep, units } = view;
  if (!raster || raster.steps === 0) return undefined;
  const from = Math.max(0, raster.steps - SHOWN_STEPS);
  const window = rasterWindow(raster, from, raster.steps);
  const svg = await rasterFigure(
    { units, steps: window.steps, spikes: { kind: "bits", rows: window.bits }, firstStep: firstStep + from },
    { theta },
  );
  const caption = `The last ${formatCount(window.steps)} steps of the analysed phase: a dot for each spike of an excitatory unit, and below it how many are active. Shaded: avalanches, above ${theta} active units.`;
  return { svg, caption, width: 17 };
}

/** Intervals between spikes beside those of units without memory. */
export async function intervalsOf(view: SeedView): Promise<ReportFigure | undefined> {
  const raster = tail(view);
  if (!raster) return undefined;
  const histogram = pooledIntervals(raster);
  if (histogram.total < 50) return undefined;
  const { p } = fitGeometricIntervals(histogram);
  const { average } = rasterIrregularity(raster);
  const chance = bernoulliIrregularity(p);
  const svg = await intervalFigure({
    intervals: spelt(histogram.counts, histogram.total),
    ...(p < 1 && { fit: { rate: -log(1 - p), from: 1 } }),
    cv: average.cv,
  });
  const caption = `Intervals between the spikes of a unit, first seed, ${formatCount(histogram.total)} intervals. The line is the law of a unit that fires at this rate without memory, whose CV would be ${formatNumber(chance.cv, 3)}; the mean CV of the units is ${formatNumber(average.cv, 3)}.`;
  return { svg, caption, width: 17 };
}

/** Correlations of all pairs. */
export async function correlationsOf(view: SeedView): Promise<ReportFigure | undefined> {
  const raster = tail(view);
  if (!raster) return undefined;
  const { matrix, included, mean, standardDeviation, silent } = pairCorrelations(raster);
  if (included.length < 3) return undefined;
  const n = included.length;
  const svg = await correlationMatrix({ correlations: { rows: n, columns: n, values: matrix } });
  const caption = `Correlations of pairs of excitatory units over the last ${formatCount(raster.steps)} analysed steps, first seed: mean ${formatNumber(mean, 2)}, standard deviation ${formatNumber(standardDeviation, 2)}; independent units would give 0 ± ${formatNumber(1 / Math.sqrt(raster.steps), 2)}${silent > 0 ? `. ${silent} silent units are left out` : ""}.`;
  return { svg, caption, width: 13 };
}

// Implementation

function tail({ raster }: SeedView) {
  return raster && rasterWindow(raster, Math.max(0, raster.steps - SPIKE_STEPS), raster.steps);
}

/** A histogram as single values, evenly thinned where there are too many. */
function spelt(counts: ArrayLike<number>, total: number): number[] {
  const share = Math.min(1, MOST_INTERVALS / total);
  return Array.from(counts).flatMap((count, interval) =>
    new Array<number>(Math.round(count * share)).fill(interval),
  );
}
