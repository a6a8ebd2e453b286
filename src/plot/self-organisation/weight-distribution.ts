/**
 * @file How weights are distributed, on a linear and on a logarithmic axis, with the fitted densities beside the data
 * themselves. On the logarithmic axis the density is that of ln w, under which a log-normal is a bell.
 */

import { log } from "../../core/index.ts";
import { checkedRange, checkLengths, checkSome, refuse } from "../checks.ts";
import { type FigureOptions, figureWithKey } from "../described-figure.ts";
import { loadPlot } from "../figure-document.ts";
import { binCount, evenHistogram, quantileOf } from "../histogram.ts";
import { type LegendEntry, legendRows } from "../legend.ts";
import { formatFixed } from "../number-format.ts";
import { type GridPanel, panelGrid } from "../panel-grid.ts";
import { bars, line, named, type Plane, type Points, stroked, upright } from "../plane.ts";
import { COLOUR, OKABE_ITO, PIXELS_PER_CM, pixelWidth } from "../style.ts";
import { shortNumber } from "../svg.ts";
import { type Distribution, densityAt } from "./density.ts";

/** A density fitted elsewhere: by parameters, or as a sampled curve. */
export interface FittedDensity {
  label: string;
  /** Akaike's information criterion of the fit; smaller is better. */
  aic?: number;
  density: Distribution | { kind: "sampled"; x: ArrayLike<number>; y: ArrayLike<number> };
}

/** Weights and the laws fitted to them. */
export interface WeightDistributionData {
  /** Weights > 0, shape `(synapse)`; others are left out. */
  weights: ArrayLike<number>;
  fits: readonly FittedDensity[];
  /** Only weights from here on were fitted; curves are scaled to that part of the data. */
  fittedFrom?: number;
}

/** Look of the figure, and how finely weights are binned. */
export interface WeightDistributionOptions extends FigureOptions {
  /** Bins of each histogram; else by the number of weights. */
  bins?: number;
  /** Name of a value, e.g. `Weight`. */
  valueLabel?: string;
}

/**
 * Weight histograms with fits as an SVG string; below each histogram a tick for each weight (for a thousand of them,
 * evenly drawn from the sorted ones, if there are more).
 *
 * @throws CajalError `empty-figure`, `shape`, `bad-width`.
 * @example await weightDistribution({ weights, fits: [{ label: "log-normal", aic: -5123, density: { kind: "lognormal", mu: -3.2, sigma: 0.24 } }] })
 */
export async function weightDistribution(
  { weights, fits, fittedFrom }: WeightDistributionData,
  {
    width = "double",
    panelHeight = 6.5,
    title = "Distribution of weights",
    description,
    bins,
    valueLabel = "Weight",
  }: WeightDistributionOptions = {},
): Promise<string> {
  const where = "weightDistribution";
  checkSome(where, weights, "weight");
  fits.forEach(({ density: d, label }) => {
    if (d.kind === "sampled") checkLengths(`${where}: fit "${label}"`, { x: d.x, y: d.y });
  });
  const positive = Float64Array.from(Array.from(weights).filter((w) => w > 0 && Number.isFinite(w))).sort();
  const [low, high] = checkedRange(where, [positive], { what: "weight", positive: true });
  if (fittedFrom !== undefined && !(fittedFrom < high)) {
    refuse(where, `fittedFrom is ${fittedFrom}, the largest weight ${high}`, "out-of-range");
  }
  const fitted = fittedFrom ? positive.filter((w) => w >= fittedFrom).length / positive.length : 1;
  const shared = { positive, fits, fitted, fittedFrom, bins, valueLabel };
  const total = pixelWidth(width);
  const drawn = panelGrid(await loadPlot(), [linearPanel(shared, high), logPanel(shared, [low, high])], {
    width: total,
    height: panelHeight * PIXELS_PER_CM,
  });
  const entries = legend(shared);
  const key = legendRows(entries, total - 12, 12);
  const said = `Histograms of ${positive.length} weights on a linear and a logarithmic axis, with ${
    fits.length
      ? `fitted densities: ${entries
          .slice(1)
          .map((e) => [e.label, e.note].filter(Boolean).join(", "))
          .join("; ")}`
      : "no fits"
  }.`;
  return figureWithKey({ width: total, title, description: description ?? said }, drawn, key);
}

// Implementation

interface Shared {
  /** Sorted, > 0. */
  positive: Float64Array;
  fits: readonly FittedDensity[];
  /** Fraction of the weights that was fitted. */
  fitted: number;
  fittedFrom: number | undefined;
  bins: number | undefined;
  valueLabel: string;
}

const FIT_COLOURS = [
  OKABE_ITO.vermilion,
  OKABE_ITO.blue,
  OKABE_ITO.green,
  OKABE_ITO.purple,
  OKABE_ITO.orange,
  OKABE_ITO.sky,
];

function linearPanel(shared: Shared, high: number): GridPanel {
  const { positive, fits, bins, valueLabel } = shared;
  // One weight far out must not press all others into a corner.
  const end = Math.max(Math.min(high, 1.6 * quantileOf(positive, 0.995)), positive[0] * 1.0001) * 1.02;
  const { edges, counts } = evenHistogram(positive, {
    low: 0,
    high: end,
    bins: bins ?? binCount(positive, end),
  });
  const heights = counts.map((c) => c / positive.length / (edges[1] - edges[0]));
  const x = Array.from({ length: 401 }, (_, i) => (end * i) / 400);
  const curves = fits.map((f) => curveOf(f, shared, x, () => 1));
  return {
    title: "Linear axis",
    x: { label: valueLabel, domain: [0, end], ticks: 5 },
    y: { label: "Density", domain: [0, topOf(heights, curves)], ticks: 4 },
    draw: (plane) => marks(plane, { shared, edges, heights, curves }),
  };
}

function logPanel(shared: Shared, [low, high]: readonly [number, number]): GridPanel {
  const { positive, fits, bins, valueLabel } = shared;
  const centre = Math.sqrt(low * high);
  const half = Math.max(1.08 * Math.sqrt(high / low), Math.sqrt(10));
  const domain: [number, number] = [centre / half, centre * half];
  const { edges, counts } = evenHistogram(positive, {
    low: low * 0.999,
    high: high * 1.001,
    bins: bins ?? binCount(positive.map(log), 2 * log(half)),
    log: true,
  });
  const step = log(edges[1] / edges[0]);
  const heights = counts.map((c) => c / positive.length / step);
  const x = evenHistogram([], { low: domain[0], high: domain[1], bins: 400, log: true }).edges;
  // p(ln w) = w p(w)
  const curves = fits.map((f) => curveOf(f, shared, x, (w) => w));
  return {
    title: "Logarithmic axis",
    x: { label: valueLabel, domain, log: true },
    y: { label: "Density of ln w", domain: [0, topOf(heights, curves)], ticks: 4 },
    draw: (plane) => marks(plane, { shared, edges, heights, curves }),
  };
}

function curveOf(
  { density }: FittedDensity,
  { fitted, fittedFrom = 0 }: Shared,
  x: readonly number[],
  jacobian: (w: number) => number,
): Points {
  if (density.kind === "sampled") {
    return { x: density.x, y: Float64Array.from(density.y, (p, i) => p * fitted * jacobian(density.x[i])) };
  }
  const inside = x.filter((w) => w >= fittedFrom);
  return { x: inside, y: inside.map((w) => densityAt(density, w) * fitted * jacobian(w)) };
}

/** The data fit; a density that shoots up where there are no data is cut. */
function topOf(heights: readonly number[], curves: readonly Points[]): number {
  const data = Math.max(...heights) || 1;
  const curve = Math.max(0, ...curves.flatMap((c) => Array.from(c.y)).filter(Number.isFinite));
  return Math.min(1.5 * data, Math.max(data, curve)) * 1.08;
}

function marks(
  plane: Plane,
  {
    shared,
    edges,
    heights,
    curves,
  }: { shared: Shared; edges: readonly number[]; heights: readonly number[]; curves: readonly Points[] },
): string {
  const { fits, fittedFrom } = shared;
  const best = bestFit(fits);
  const order = curves.map((_, i) => i).sort((a, b) => Number(a === best) - Number(b === best));
  return [
    named("histogram", bars(plane, { edges, heights }, { fill: COLOUR.null, opacity: 0.4 })),
    named("data", rug(plane, shared.positive)),
    fittedFrom ? upright(plane, fittedFrom, { stroke: COLOUR.quiet, width: 0.75, dash: "2 2" }) : "",
    named(
      "fits",
      ...order.map((i) => line(plane, curves[i], { stroke: colourOf(i), width: i === best ? 2.2 : 1.25 })),
    ),
  ].join("");
}

/** A tick for each weight, inside the axes at their foot. */
function rug(plane: Plane, sorted: Float64Array): string {
  const n = Math.min(1000, sorted.length);
  let d = "";
  for (let k = 0; k < n; k++) {
    const x = plane.x(sorted[Math.floor(((k + 0.5) * sorted.length) / n)]);
    if (x >= plane.frame.left && x <= plane.frame.right)
      d += `M${shortNumber(x)},${shortNumber(plane.frame.bottom - 0.5)}v-5`;
  }
  return d === "" ? "" : stroked(d, { stroke: COLOUR.ink, width: 0.4, opacity: 0.5 });
}

function colourOf(i: number): string {
  return FIT_COLOURS[i % FIT_COLOURS.length];
}

function bestFit(fits: readonly FittedDensity[]): number {
  let best = -1;
  fits.forEach(({ aic }, i) => {
    if (aic !== undefined && Number.isFinite(aic) && (best < 0 || aic < (fits[best].aic ?? 0))) best = i;
  });
  return best;
}

function legend({ fits, positive, fittedFrom }: Shared): LegendEntry[] {
  const best = bestFit(fits);
  const lowest = fits[best]?.aic ?? 0;
  const data: LegendEntry = {
    label: `data, n = ${positive.length}`,
    note: fittedFrom ? `fitted from ${fittedFrom} on` : undefined,
    swatch: { kind: "area", fill: COLOUR.null, opacity: 0.4 },
  };
  const order = fits
    .map((_, i) => i)
    .sort((a, b) => (fits[a].aic ?? Infinity) - (fits[b].aic ?? Infinity) || a - b);
  return [
    data,
    ...order.map((i): LegendEntry => {
      const { label, aic } = fits[i];
      const behind = i === best ? "" : ` (+${formatFixed((aic ?? 0) - lowest, 1)})`;
      return {
        label,
        note: aic === undefined ? undefined : `AIC ${formatFixed(aic, 1)}${behind}`,
        strong: i === best,
        swatch: { kind: "line", stroke: colourOf(i), width: i === best ? 2.2 : 1.25 },
      };
    }),
  ];
}
