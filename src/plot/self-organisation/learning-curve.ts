/**
 * @file Reward of a reinforcement run over its episodes: each episode faint, the running mean bold, the threshold at
 * which the task counts as solved, and the control runs that show what the network adds.
 */

import { stepTicks } from "../axis-ticks.ts";
import { checkCount, checkedRange, checkSome, refuse } from "../checks.ts";
import { describedFigure, type FigureOptions } from "../described-figure.ts";
import { loadPlot } from "../figure-document.ts";
import { type EndLabel, endLabels, endLabelWidth } from "../label-layout.ts";
import { formatCount } from "../number-format.ts";
import { panelGrid } from "../panel-grid.ts";
import { dots, level, line, named, type Plane } from "../plane.ts";
import { halo, keepInside } from "../plane-text.ts";
import { COLOUR, FONT_SIZE, NULL_COLOURS, OKABE_ITO, PIXELS_PER_CM, pixelWidth } from "../style.ts";

/** Runs of one kind. */
export interface LearningRun {
  label: string;
  /** Reward of each episode, shape `(seed)` of `(episode)`; seeds may differ in length. */
  seeds: readonly ArrayLike<number>[];
  /** Drawn quieter, without its single episodes. */
  isControl?: boolean;
}

/** Rewards of agents and of their controls. */
export interface LearningCurveData {
  runs: readonly LearningRun[];
  /** Running mean at which the task counts as solved. */
  threshold?: { value: number; label?: string };
}

/** Look of the figure, and the episodes of the running mean. */
export interface LearningCurveOptions extends FigureOptions {
  /** Episodes of the running mean. */
  window?: number;
  yLabel?: string;
}

/**
 * Learning curve as an SVG string: running mean of the last `window` episodes, thin for each seed and bold for their
 * mean; it starts with the first full window. A dot stands where a seed first reaches the threshold.
 *
 * @throws CajalError `empty-figure`, `out-of-range`, `bad-width`.
 * @example await learningCurve({ runs: [{ label: "SORN", seeds: rewards }], threshold: { value: 195, label: "solved" } })
 */
export async function learningCurve(
  { runs, threshold }: LearningCurveData,
  {
    width = "double",
    panelHeight = 7.5,
    title = "Learning curve",
    description,
    window = 100,
    yLabel = "Reward of an episode",
  }: LearningCurveOptions = {},
): Promise<string> {
  check(runs, window);
  const all = runs.flatMap((r) => r.seeds);
  const [low, high] = checkedRange(WHERE, all, { what: "reward" });
  const most = Math.max(...all.map((s) => s.length));
  const top = Math.max(high, threshold?.value ?? high);
  const shown = runs.map((run, i) => ({ ...prepare(run, window), colour: colourOf(runs, i) }));
  const labels = shown.map((s) => ({ name: s.run.label, colour: s.colour, strong: true }));
  const total = pixelWidth(width);
  const drawn = panelGrid(
    await loadPlot(),
    [
      {
        x: { label: "Episode", domain: [0, most], ticks: stepTicks([0, most], 0.75 * total) },
        y: { label: yLabel, domain: [Math.min(0, low), top * 1.08 || 1], grid: true },
        draw: (plane) => marks(plane, shown, threshold),
      },
    ],
    { width: total, height: panelHeight * PIXELS_PER_CM, right: endLabelWidth(labels) + 2 },
  );
  const best = shown.map(
    (s) => `${s.run.label} best ${Math.round(Math.max(...s.means.flatMap((m) => [...m.y])))}`,
  );
  const solved = threshold ? `, threshold ${threshold.value}` : "";
  const said = `Running mean of ${window} episodes over at most ${most} episodes${solved}: ${best.join(", ")}.`;
  return describedFigure(
    { width: total, height: drawn.height, title, description: description ?? said },
    drawn.markup,
  );
}

/** Mean of each value and the `window` − 1 before it; shape `(n − window + 1)`, the first belongs to place window − 1. */
export function runningMean(values: ArrayLike<number>, window: number): Float64Array {
  const out = new Float64Array(Math.max(0, values.length - window + 1));
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    sum += values[i];
    if (i >= window) sum -= values[i - window];
    if (i >= window - 1) out[i - window + 1] = sum / window;
  }
  return out;
}

// Implementation

const WHERE = "learningCurve";

interface Prepared {
  run: LearningRun;
  /** Running mean of each seed, and the mean of seeds as far as all go. */
  means: readonly { x: number[]; y: Float64Array }[];
  mean: { x: number[]; y: Float64Array };
  colour: string;
}

function check(runs: readonly LearningRun[], window: number): void {
  checkSome(WHERE, runs, "run");
  checkCount(WHERE, "window", window, " of episodes,");
  for (const { label, seeds } of runs) {
    checkSome(`${WHERE}: "${label}"`, seeds, "seed");
    for (const s of seeds) {
      if (s.length >= window) continue;
      refuse(
        `${WHERE}: "${label}"`,
        `${s.length} episodes hold no running mean of ${window}`,
        "out-of-range",
        "Give more episodes or a smaller window.",
      );
    }
  }
}

function prepare(run: LearningRun, window: number): Omit<Prepared, "colour"> {
  const means = run.seeds.map((s) => {
    const y = runningMean(s, window);
    return { x: Array.from(y, (_, i) => i + window), y };
  });
  const shortest = means.reduce((a, b) => (b.y.length < a.y.length ? b : a));
  const y = Float64Array.from(shortest.y, (_, i) => means.reduce((sum, m) => sum + m.y[i], 0) / means.length);
  return { run, means, mean: { x: shortest.x, y } };
}

const RUNS = [COLOUR.empirical, OKABE_ITO.blue, OKABE_ITO.green, OKABE_ITO.purple];
const CONTROLS = [NULL_COLOURS[0], OKABE_ITO.sky, OKABE_ITO.orange, OKABE_ITO.black];

function colourOf(runs: readonly LearningRun[], i: number): string {
  const same = runs.slice(0, i).filter((r) => Boolean(r.isControl) === Boolean(runs[i].isControl)).length;
  const list = runs[i].isControl ? CONTROLS : RUNS;
  return list[same % list.length];
}

function marks(plane: Plane, shown: readonly Prepared[], threshold: LearningCurveData["threshold"]): string {
  // Runs of interest on top of their controls.
  const order = [...shown].sort(
    (a, b) => Number(Boolean(b.run.isControl)) - Number(Boolean(a.run.isControl)),
  );
  const labels = shown.map(
    (s): EndLabel => ({
      name: s.run.label,
      colour: s.colour,
      strong: true,
      y: plane.y(s.mean.y[s.mean.y.length - 1]),
    }),
  );
  return [
    ...order.map((s) =>
      s.run.isControl ? "" : named("episodes", ...s.run.seeds.map((r) => episodes(plane, r, s))),
    ),
    threshold ? thresholdMark(plane, threshold) : "",
    ...order.map((s) => runMarks(plane, s)),
    threshold ? named("solved", ...shown.map((s) => solvedMarks(plane, s, threshold.value))) : "",
    endLabels(labels, plane.frame.right, [plane.frame.top, plane.frame.bottom]),
  ].join("");
}

/** Single episodes as specks; of very long runs one in so many, so that the picture stays small. */
function episodes(plane: Plane, rewards: ArrayLike<number>, { colour, run }: Prepared): string {
  const every = Math.max(1, Math.ceil((rewards.length * run.seeds.length) / 4000));
  const x: number[] = [];
  for (let i = 0; i < rewards.length; i += every) x.push(i);
  return dots(
    plane,
    { x: x.map((i) => i + 1), y: x.map((i) => rewards[i]) },
    { r: 0.8, fill: colour, opacity: 0.22 },
  );
}

function runMarks(plane: Plane, { run, means, mean, colour }: Prepared): string {
  const thin =
    means.length > 1 ? means.map((m) => line(plane, m, { stroke: colour, width: 0.8, opacity: 0.55 })) : [];
  return (
    named(`${run.label}: seeds`, ...thin) +
    named(run.label, line(plane, mean, { stroke: colour, width: run.isControl ? 1.6 : 2.4 }))
  );
}

function thresholdMark(plane: Plane, { value, label }: { value: number; label?: string }): string {
  const name = label ?? `threshold ${value}`;
  return (
    named("threshold", level(plane, value, { stroke: COLOUR.ink, width: 1, dash: "5 3" })) +
    halo(plane.frame.left + 6, plane.y(value) - 4, name, { fill: COLOUR.quiet, size: FONT_SIZE.tick })
  );
}

/** A dot where each seed first reaches the threshold, and the episode where there is only one. */
function solvedMarks(plane: Plane, { run, means, colour }: Prepared, threshold: number): string {
  const at = means.flatMap((m) => {
    const i = m.y.findIndex((v) => v >= threshold);
    return i < 0 ? [] : [m.x[i]];
  });
  if (at.length === 0) return "";
  const marks = dots(
    plane,
    { x: at, y: at.map(() => threshold) },
    { r: 3, fill: colour, edge: COLOUR.paper },
  );
  if (at.length > 1 || run.isControl) return marks;
  const name = `episode ${formatCount(at[0])}`;
  const x = keepInside(plane.x(at[0]), name, FONT_SIZE.tick, [plane.frame.left + 4, plane.frame.right]);
  const style = { fill: colour, anchor: "middle", size: FONT_SIZE.tick, strong: true } as const;
  return marks + halo(x, plane.y(threshold) - 7, name, style);
}
