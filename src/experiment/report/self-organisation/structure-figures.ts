/**
 * @file Figures of connections and weights.
 */

import {
  degreeHistograms,
  densitySlope,
  fitWeights,
  kaplanMeier,
  lifetimeDensity,
  lifetimes,
  turnover,
  type WeightDistribution,
} from "../../../analysis/index.ts";
import {
  connectionFraction,
  type Distribution,
  degreeFigure,
  formatCount,
  formatNumber,
  survivalFigure,
  turnoverFigure,
  weightDistribution,
} from "../../../plot/index.ts";
import { LIFETIME_WINDOW } from "../../jobs/self-organisation/measure.ts";
import type { ReportFigure } from "../report-figures.ts";
import type { SeedView } from "./seed-view.ts";

/** Connection fraction over log time, one line a seed. */
export async function connectionFigure(views: readonly SeedView[]): Promise<ReportFigure | undefined> {
  const { steps, fraction } = views[0].connections;
  if (fraction.length < 3) return undefined;
  const svg = await connectionFraction({ steps, seeds: views.map((view) => view.connections.fraction) });
  const caption = `Fraction of possible E→E connections over time${views.length > 1 ? `, ${views.length} seeds (thin) and their mean (bold)` : ""}. Phases are read off the mean: where it stops falling, and where it stops growing.`;
  return { svg, caption, width: 17 };
}

/** Births and deaths per step over log time, all seeds together. */
export async function turnoverOver(views: readonly SeedView[]): Promise<ReportFigure | undefined> {
  const { end } = views[0];
  const births = views.flatMap((view) => view.births);
  const deaths = views.flatMap((view) => view.deaths);
  if (births.length === 0 || end < 1000) return undefined;
  const edges = logEdges(Math.max(10, end / 10_000), end);
  const rates = edges.slice(1).map((to, k) => turnover({ births, deaths }, { from: edges[k], to }));
  const n = views.length;
  const svg = await turnoverFigure({
    steps: rates.map(({ from, to }) => (from + to) / 2),
    births: rates.map((r) => r.birthsPerStep / n),
    deaths: rates.map((r) => r.deathsPerStep / n),
  });
  return {
    svg,
    caption:
      "Births and deaths of E→E connections per step, mean over seeds. Where they are equal, connections come and go but their number stands still.",
    width: 17,
  };
}

/** Weights at the end with fitted laws, all seeds together. */
export async function weightFigure(views: readonly SeedView[]): Promise<ReportFigure | undefined> {
  const weights = views.flatMap(({ weights: { values } }) => [...values.filter((w) => w > 0)]);
  if (weights.length < 20) return undefined;
  const { fits, skewness } = fitWeights(weights);
  const svg = await weightDistribution({
    weights,
    fits: fits.map(({ family, aic, distribution }) => ({
      label: FAMILIES[family],
      aic,
      density: plotted(distribution),
    })),
  });
  const best = fits[0];
  const caption = `${formatCount(weights.length)} E→E weights at the end${views.length > 1 ? ", all seeds together" : ""}, with fitted laws; lowest AIC: ${FAMILIES[best.family]}${fits.length > 1 ? `, ${formatNumber(fits[1].delta)} below ${FAMILIES[fits[1].family]}` : ""}. Distance of the best law from the data (Kolmogorov–Smirnov) ${formatNumber(best.ks, 2)}: lowest AIC does not mean good. Skewness ${formatNumber(skewness, 2)}.`;
  return { svg, caption, width: 17 };
}

/** In- and out-degrees at the end, all seeds together. */
export async function degreesFigure(views: readonly SeedView[]): Promise<ReportFigure | undefined> {
  const found = views.map(({ weights: { post, pre }, units }) =>
    degreeHistograms({ post, pre }, { pre: units }),
  );
  if (found.every(({ density }) => density === 0)) return undefined;
  const inDegree = found.flatMap((d) => [...d.in.degrees]);
  const outDegree = found.flatMap((d) => [...d.out.degrees]);
  const svg = await degreeFigure({ inDegree, outDegree });
  const [first] = found;
  const caption = `Connections into and out of each excitatory unit at the end${found.length > 1 ? ", all seeds together" : ""}. Standard deviation in ${formatNumber(first.in.standardDeviation, 2)}, out ${formatNumber(first.out.standardDeviation, 2)}; wiring by chance at this density would give ${formatNumber(first.chance, 2)} (first seed).`;
  return { svg, caption, width: 17 };
}

/** Survival of new connections, and the density of their lifetimes. */
export async function survivalOf(views: readonly SeedView[]): Promise<ReportFigure | undefined> {
  const parts = views.flatMap(({ lives }) => (lives ? [lifetimes(lives)] : []));
  const duration = Float64Array.from(parts.flatMap((part) => [...part.duration]));
  const died = Uint8Array.from(parts.flatMap((part) => [...part.died]));
  const deaths = died.reduce((sum, d) => sum + d, 0);
  if (deaths < 20) return undefined;
  const curve = kaplanMeier({ duration, died });
  const density = lifetimeDensity({ duration, died });
  const slope = slopeOf(density);
  const shown = [...density.count.keys()].filter((k) => density.count[k] > 0);
  const svg = await survivalFigure({
    curves: [
      {
        label: "new connections",
        time: curve.time.map((t) => Math.max(t, 1)),
        survival: curve.survival,
        low: curve.survival.map((s, k) => Math.max(0, s - 1.96 * curve.standardError[k])),
        high: curve.survival.map((s, k) => Math.min(1, s + 1.96 * curve.standardError[k])),
        density: { x: shown.map((k) => density.centre[k]), y: shown.map((k) => density.density[k]) },
        ...(slope && {
          fit: {
            slope: slope.slope,
            standardError: slope.standardError,
            from: LIFETIME_WINDOW[0],
            to: LIFETIME_WINDOW[1],
          },
        }),
      },
    ],
  });
  const caption = `Survival of the ${formatCount(duration.length)} connections born during the run (Kaplan–Meier with 95 % band; ${formatCount(curve.censored)} were alive when the last rule was switched off or the run ended, and count as such), and the density of completed lifetimes${slope ? `: slope ${formatNumber(slope.slope, 3)} on ${LIFETIME_WINDOW.map(formatCount).join(" … ")} steps, where a constant rate of death would give ${formatNumber(slope.exponentialSlope, 2)}` : ""}.`;
  return { svg, caption, width: 17 };
}

// Implementation

const FAMILIES: Record<WeightDistribution["family"], string> = {
  normal: "normal",
  lognormal: "log-normal",
  gamma: "gamma",
  weibull: "Weibull",
};

function plotted(d: WeightDistribution): Distribution {
  switch (d.family) {
    case "normal":
      return { kind: "normal", mean: d.mean, sd: d.standardDeviation };
    case "lognormal":
      return { kind: "lognormal", mu: d.mu, sigma: d.sigma };
    default:
      return { kind: d.family, shape: d.shape, scale: d.scale };
  }
}

function slopeOf(density: ReturnType<typeof lifetimeDensity>) {
  try {
    return densitySlope(density, LIFETIME_WINDOW);
  } catch {
    // Too few ages in the window: the picture is drawn without a line.
    return undefined;
  }
}

/** Whole steps at equal ratios, about eight a decade. */
function logEdges(from: number, to: number): number[] {
  const edges = [Math.round(from)];
  const factor = 1.333521432;
  for (let at = from * factor; at < to * 0.999; at *= factor)
    if (Math.round(at) > edges[edges.length - 1]) edges.push(Math.round(at));
  edges.push(to);
  return edges;
}
