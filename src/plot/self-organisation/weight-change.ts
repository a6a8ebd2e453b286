/**
 * @file How much weights change against how strong they are, |Δw| against w, with the error of each mean: whether strong
 * synapses move more, and by how much less than in proportion. After Zheng, Dimitrakakis and Triesch (2013), PLoS
 * Comput. Biol. 9, e1002848.
 */

import { checkedRange, checkLengths, checkSome, linearDomain, logDomain, refuse } from "../checks.ts";
import { describedFigure, type FigureOptions } from "../described-figure.ts";
import { loadPlot } from "../figure-document.ts";
import { formatFixed, formatNumber } from "../number-format.ts";
import { panelGrid } from "../panel-grid.ts";
import { dots, errorBars, line, named, type Plane, type Points } from "../plane.ts";
import { note } from "../plane-text.ts";
import { COLOUR, FONT_SIZE, PIXELS_PER_CM, pixelWidth } from "../style.ts";

/** Change of weights between two snapshots, binned by weight. */
export interface WeightChangeData {
  /** Middle of each bin of weights, shape `(bin)`, ascending. */
  weight: ArrayLike<number>;
  /** Mean |Δw| in each bin, shape `(bin)`. */
  change: ArrayLike<number>;
  /** Half length of each error bar, e.g. the standard error, shape `(bin)`. */
  error?: ArrayLike<number>;
  /** Single synapses, drawn faint behind. */
  samples?: Points;
  /** A straight line |Δw| = intercept + slope · w, drawn over the bins. */
  fit?: { slope: number; intercept: number; standardError?: number };
}

/** Look of the figure, and the time between the snapshots. */
export interface WeightChangeOptions extends FigureOptions {
  /** Both axes logarithmic. */
  log?: boolean;
  /** Steps between the two weights that are compared. */
  steps?: number;
}

/**
 * |Δw| against w as an SVG string.
 *
 * @throws CajalError `empty-figure`, `shape`, `bad-width`.
 * @example await weightChange({ weight, change, error }, { steps: 3000 })
 */
export async function weightChange(
  data: WeightChangeData,
  {
    width = 11,
    panelHeight = 7,
    title = "Change of weights against weight",
    description,
    log = false,
    steps,
  }: WeightChangeOptions = {},
): Promise<string> {
  const { weight, change, error, samples, fit } = data;
  check(data);
  const what = { what: "weight", positive: log };
  const xRange = checkedRange(WHERE, [weight, samples?.x], what);
  const errors = error ? Array.from(change, (c, i) => c + error[i]) : change;
  const yRange = checkedRange(WHERE, [change, errors, samples?.y], { what: "change", positive: log });
  const domain = (range: [number, number]) => (log ? logDomain(range) : linearDomain(range, { zero: true }));
  const total = pixelWidth(width);
  const drawn = panelGrid(
    await loadPlot(),
    [
      {
        x: { label: "Weight w", domain: domain(xRange), log, ticks: 6 },
        y: {
          label: `Mean |Δw|${steps ? ` over ${steps} steps` : ""}`,
          domain: domain(yRange),
          log,
          grid: true,
        },
        draw: (plane) => marks(plane, data),
      },
    ],
    { width: total, height: panelHeight * PIXELS_PER_CM },
  );
  const slope = fit ? `, slope ${formatNumber(fit.slope)}` : "";
  const said = `Mean absolute change of weights in ${weight.length} bins of weight from ${formatNumber(xRange[0])} to ${formatNumber(xRange[1])}${slope}.`;
  return describedFigure(
    { width: total, height: drawn.height, title, description: description ?? said },
    drawn.markup,
  );
}

// Implementation

const WHERE = "weightChange";
const MOST_SAMPLES = 4000;

function check({ weight, change, error, samples, fit }: WeightChangeData): void {
  checkSome(WHERE, weight, "bin");
  checkLengths(WHERE, { weight, change, error });
  if (samples) checkLengths(`${WHERE}: samples`, { x: samples.x, y: samples.y });
  if (fit && !(Number.isFinite(fit.slope) && Number.isFinite(fit.intercept))) {
    refuse(
      WHERE,
      `the fit is ${fit.intercept} + ${fit.slope} w`,
      "not-a-number",
      "Leave it out where there is none.",
    );
  }
}

function marks(plane: Plane, { weight, change, error, samples, fit }: WeightChangeData): string {
  const points = { x: weight, y: change };
  const bars =
    error &&
    errorBars(
      plane,
      {
        x: weight,
        low: Array.from(change, (c, i) => c - error[i]),
        high: Array.from(change, (c, i) => c + error[i]),
      },
      { stroke: COLOUR.empirical, width: 1.25 },
    );
  return [
    samples
      ? named("synapses", dots(plane, thinned(samples), { r: 0.7, fill: COLOUR.null, opacity: 0.4 }))
      : "",
    fit ? named("fit", fitLine(plane, weight, fit)) : "",
    bars ? named("errors", bars) : "",
    named("means", dots(plane, points, { r: 2.6, fill: COLOUR.empirical, edge: COLOUR.paper })),
    fit ? fitNote(plane, fit) : "",
  ].join("");
}

/** Of very many synapses, evenly so many. */
function thinned({ x, y }: Points): Points {
  const every = Math.max(1, Math.ceil(x.length / MOST_SAMPLES));
  const keep = Array.from({ length: Math.ceil(x.length / every) }, (_, k) => k * every);
  return { x: keep.map((i) => x[i]), y: keep.map((i) => y[i]) };
}

function fitLine(plane: Plane, weight: ArrayLike<number>, fit: { slope: number; intercept: number }): string {
  const [from, to] = [weight[0], weight[weight.length - 1]];
  // Bent on logarithmic axes, hence more than its ends.
  const x = Array.from({ length: 101 }, (_, i) => from + ((to - from) * i) / 100);
  return line(
    plane,
    { x, y: x.map((w) => fit.intercept + fit.slope * w) },
    { stroke: COLOUR.ink, width: 1.25, dash: "6 2" },
  );
}

function fitNote(plane: Plane, { slope, standardError }: { slope: number; standardError?: number }): string {
  const error = standardError === undefined ? "" : ` ± ${formatFixed(standardError, 4)}`;
  const content = `slope ${standardError === undefined ? formatNumber(slope) : formatFixed(slope, 4)}${error}`;
  return note(plane, [{ text: content, strong: true }], { corner: "top-left", size: FONT_SIZE.tick });
}
