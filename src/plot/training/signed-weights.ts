/**
 * @file How weights are distributed before and after training, excitatory and inhibitory ones apart.
 */

import { checkCount, checkedRange, checkSome } from "../checks.ts";
import { type FigureOptions, figureWithKey } from "../described-figure.ts";
import { loadPlot } from "../figure-document.ts";
import { evenHistogram, type Histogram, quantileOf } from "../histogram.ts";
import { type LegendEntry, legendRows } from "../legend.ts";
import { formatCount, formatNumber } from "../number-format.ts";
import { panelGrid } from "../panel-grid.ts";
import { bars, named, type Plane, upright } from "../plane.ts";
import { note } from "../plane-text.ts";
import { COLOUR, FONT_SIZE, PIXELS_PER_CM, pixelWidth } from "../style.ts";
import { SIGN_COLOURS } from "./unit-groups.ts";

/** Weights of one moment, shape `(edge)`; zeros are counted but not drawn. */
export interface WeightSample {
  title: string;
  weights: ArrayLike<number>;
}

/** Samples on the same axes. */
export interface SignedWeightsData {
  samples: readonly WeightSample[];
}

/** Look of the figure, and how finely weights are binned. */
export interface SignedWeightsOptions extends FigureOptions {
  /** Bins on each side of 0. */
  bins?: number;
  valueLabel?: string;
}

/**
 * Histograms of weights by sign as an SVG string. The axes reach as far as 99.8 % of the weights; how many are 0 is
 * written beside them.
 *
 * @throws CajalError `empty-figure`, `out-of-range`, `bad-width`.
 * @example await signedWeights({ samples: [{ title: "before", weights: w0 }, { title: "after", weights: w }] })
 */
export async function signedWeights(
  { samples }: SignedWeightsData,
  {
    width = "double",
    panelHeight = 5.6,
    title = "Weights by sign",
    description,
    bins = 30,
    valueLabel = "Weight",
  }: SignedWeightsOptions = {},
): Promise<string> {
  checkSome(WHERE, samples, "sample");
  checkCount(WHERE, "bins", bins);
  checkedRange(
    WHERE,
    samples.map((s) => s.weights),
    { what: "weight" },
  );
  const domain = domainOf(samples.map((s) => s.weights));
  const counted = samples.map((s) => ({ ...s, ...count(s.weights, domain, bins) }));
  const most = Math.max(1, ...counted.flatMap((s) => [...s.positive.counts, ...s.negative.counts]));
  const total = pixelWidth(width);
  const drawn = panelGrid(
    await loadPlot(),
    counted.map((s) => ({
      title: s.title,
      x: { label: valueLabel, domain },
      y: { label: "Number of weights", domain: [0, most * HEADROOM] as const, ticks: 4 },
      draw: (plane) => marks(plane, s),
    })),
    { width: total, height: panelHeight * PIXELS_PER_CM },
  );
  const key = legendRows(legend(counted), total - 12, 12);
  const said = `Histograms of weights by sign: ${counted.map((s) => `${s.title} ${s.words}`).join("; ")}.`;
  return figureWithKey({ width: total, title, description: description ?? said }, drawn, key);
}

// Implementation

const WHERE = "signedWeights";
/** Room above the highest bar for the three lines written in the corner. */
const HEADROOM = 1.4;

interface Counted {
  positive: Histogram;
  negative: Histogram;
  zeros: number;
  words: string;
}

/** One weight far out must not press all others into a corner. */
function domainOf(lists: readonly ArrayLike<number>[]): [number, number] {
  const all = lists.flatMap((list) => Array.from(list));
  const reach = (side: number[]) => {
    const end = quantileOf(side, 0.998);
    return end > 0 ? Math.min(1.4 * end, quantileOf(side, 1) * 1.02) : 0;
  };
  const high = reach(all.filter((w) => w > 0));
  const low = reach(all.flatMap((w) => (w < 0 ? [-w] : [])));
  return high + low > 0 ? [-low, high] : [-1, 1];
}

function count(weights: ArrayLike<number>, [low, high]: readonly [number, number], bins: number): Counted {
  const all = Array.from(weights).filter(Number.isFinite);
  const width = Math.max(high, -low) / bins;
  const side = (from: number, to: number, values: number[]): Histogram =>
    to > from
      ? evenHistogram(values, { low: from, high: to, bins: Math.max(1, Math.round((to - from) / width)) })
      : { edges: [], counts: [] };
  const [plus, minus] = [all.filter((w) => w > 0), all.filter((w) => w < 0)];
  const mean = (list: number[]) => formatNumber(list.reduce((a, b) => a + b, 0) / list.length, 2);
  const zeros = all.length - plus.length - minus.length;
  const words = [
    plus.length > 0 && `${formatCount(plus.length)} positive, mean ${mean(plus)}`,
    minus.length > 0 && `${formatCount(minus.length)} negative, mean ${mean(minus)}`,
    zeros > 0 && `${formatCount(zeros)} zero`,
  ].filter((w): w is string => typeof w === "string");
  return { positive: side(0, high, plus), negative: side(low, 0, minus), zeros, words: words.join("; ") };
}

function marks(plane: Plane, { positive, negative, words }: Counted): string {
  const lines = words.split("; ").map((line) => ({ text: line, fill: COLOUR.quiet }));
  const corner = -plane.xDomain[0] > plane.xDomain[1] ? "top-left" : "top-right";
  return (
    named(
      "negative",
      bars(plane, { edges: negative.edges, heights: negative.counts }, { fill: SIGN_COLOURS.negative }),
    ) +
    named(
      "positive",
      bars(plane, { edges: positive.edges, heights: positive.counts }, { fill: SIGN_COLOURS.positive }),
    ) +
    named("zero", upright(plane, 0, { stroke: COLOUR.axis, width: 0.6, dash: "2 2" })) +
    note(plane, lines, { corner, size: FONT_SIZE.tick })
  );
}

function legend(counted: readonly Counted[]): LegendEntry[] {
  const some = (side: "positive" | "negative") => counted.some((s) => s[side].counts.some((c) => c > 0));
  return [
    ...(some("negative")
      ? [{ label: "negative (inhibits)", swatch: { kind: "area", fill: SIGN_COLOURS.negative } as const }]
      : []),
    ...(some("positive")
      ? [{ label: "positive (excites)", swatch: { kind: "area", fill: SIGN_COLOURS.positive } as const }]
      : []),
  ];
}
