/**
 * @file Figures of what units do together: how many are active, which pairs are correlated, how a flip spreads.
 */

import { pairCorrelations, type Raster, rasterWindow, spikeCounts } from "../../../analysis/index.ts";
import {
  activityHistogram,
  correlationGraph,
  divergenceFigure,
  formatCount,
  formatNumber,
} from "../../../plot/index.ts";
import { SPIKE_STEPS } from "../../jobs/self-organisation/measure.ts";
import type { ReportFigure } from "../report-figures.ts";
import type { SeedView } from "./seed-view.ts";

/** Standard errors above which a pair is joined. */
const CLEAR = 5;

/** How often how many units are active, beside units of the same rates that fire by themselves. */
export async function activityOf(view: SeedView, theta: number): Promise<ReportFigure | undefined> {
  const { activity } = view;
  if (activity.length < 100) return undefined;
  const raster = tail(view);
  const rates = raster && ratesOf(raster);
  const svg = await activityHistogram({
    activity,
    theta,
    ...(rates && { independent: independentLaw(rates) }),
  });
  const caption = `Number of excitatory units active in a step, over the ${formatCount(activity.length)} steps of the analysed phase, first seed${rates ? "; the line is the law of independent units with the same rates" : ""}. Dashed: the threshold of avalanches, ${theta}.`;
  return { svg, caption, width: 14.2 };
}

/** Pairs whose correlation is clear of chance. */
export async function graphOf(view: SeedView): Promise<ReportFigure | undefined> {
  const raster = tail(view);
  if (!raster) return undefined;
  const { matrix, included } = pairCorrelations(raster);
  if (included.length < 3) return undefined;
  const strongest = matrix.reduce((most, r, k) => {
    const isPair = k % included.length < Math.floor(k / included.length);
    return isPair && Math.abs(r) > most ? Math.abs(r) : most;
  }, 0);
  const chance = CLEAR / Math.sqrt(raster.steps);
  // At least what chance allows, and of the rest the stronger half, or the lines would hide each other.
  const threshold = Math.max(chance, 0.5 * strongest);
  if (strongest < chance) return undefined;
  const svg = await correlationGraph({ correlations: { rows: included.length, values: matrix }, threshold });
  const caption = `Pairs of excitatory units with a correlation of ${formatNumber(threshold, 2)} or more in size, half of the strongest found (${formatNumber(strongest, 2)}); units in their order on a circle, first seed. Chance alone would seldom give more than ${formatNumber(chance, 2)}.`;
  return { svg, caption, width: 12.2 };
}

/** How twin runs part after a flip, all seeds. */
export async function divergenceOf(views: readonly SeedView[]): Promise<ReportFigure | undefined> {
  const curves = views.flatMap(({ divergence }) => (divergence ? [divergence] : []));
  if (curves.length === 0) return undefined;
  const raster = tail(views[0]);
  const rates = raster && ratesOf(raster);
  const unrelated = rates?.reduce((sum, p) => sum + 2 * p * (1 - p), 0);
  const svg = await divergenceFigure({ curves, ...(unrelated !== undefined && { unrelated }) });
  const caption = `Twin runs from the end of the run with the same noise and input, in one of which a unit was flipped: mean number of units that differ, and share of twins that differ at all${curves.length > 1 ? "; a line for each seed" : ""}.`;
  return { svg, caption, width: 17 };
}

// Implementation

function tail({ raster }: SeedView) {
  return raster && raster.steps > 0
    ? rasterWindow(raster, Math.max(0, raster.steps - SPIKE_STEPS), raster.steps)
    : undefined;
}

function ratesOf(raster: Raster): Float64Array {
  return Float64Array.from(spikeCounts(raster), (count) => count / raster.steps);
}

/** Law of the number of active units that fire by themselves, unit added to unit. @returns Shape `(active)`. */
function independentLaw(rates: ArrayLike<number>): Float64Array {
  const law = new Float64Array(rates.length + 1);
  law[0] = 1;
  for (let u = 0; u < rates.length; u++) {
    for (let k = u + 1; k > 0; k--) law[k] = law[k] * (1 - rates[u]) + law[k - 1] * rates[u];
    law[0] *= 1 - rates[u];
  }
  return law;
}
