/**
 * @file How many of the possible connections exist, over the logarithm of time: decay, growth, plateau. After Zheng,
 * Dimitrakakis and Triesch (2013), PLoS Comput. Biol. 9, e1002848.
 */

import { checkedRange, checkLengths, checkSome } from "../checks.ts";
import { type FigureOptions, figureWithKey } from "../described-figure.ts";
import { loadPlot } from "../figure-document.ts";
import { type LegendEntry, legendRows } from "../legend.ts";
import { formatNumber } from "../number-format.ts";
import { panelGrid } from "../panel-grid.ts";
import { dots, line, named, type Plane, type Points, stretch } from "../plane.ts";
import { halo } from "../plane-text.ts";
import { COLOUR, FONT_SIZE, PIXELS_PER_CM, pixelWidth } from "../style.ts";
import { text } from "../svg.ts";
import { textWidth } from "../text-width.ts";

/** A stretch of time with a name. */
export interface Phase {
  label: string;
  /** First and last step. */
  from: number;
  to: number;
}

/** Fractions of all seeds on common steps. */
export interface ConnectionFractionData {
  /** Steps, shape `(point)`, ascending; step 0 has no place on a logarithmic axis and is left out. */
  steps: ArrayLike<number>;
  /** Existing connections as a fraction of the possible ones, 0–1, shape `(seed)` of `(point)`. */
  seeds: readonly ArrayLike<number>[];
  /** Phases to mark; `auto` reads them off the mean, see {@link connectionPhases}; none where empty. */
  phases?: readonly Phase[] | "auto";
}

/**
 * Connection fraction over log time as an SVG string: a thin line for each seed, their mean bold, phases shaded.
 *
 * @throws CajalError `empty-figure`, `shape`, `bad-width`.
 * @example await connectionFraction({ steps, seeds: runs.map((r) => r.fraction) })
 */
export async function connectionFraction(
  { steps, seeds, phases = "auto" }: ConnectionFractionData,
  {
    width = "double",
    panelHeight = 7,
    title = "Connection fraction over time",
    description,
  }: FigureOptions = {},
): Promise<string> {
  const where = "connectionFraction";
  checkSome(where, steps, "step");
  checkSome(where, seeds, "seed");
  seeds.forEach((s, i) => {
    checkLengths(where, { steps, [`seeds[${i}]`]: s });
  });
  const [first, last] = checkedRange(where, [steps], { what: "step", positive: true });
  const percent = seeds.map((s) => Float64Array.from(s, (v) => 100 * v));
  const [, high] = checkedRange(where, percent, { what: "fraction" });
  const mean = meanOf(percent, steps.length);
  const marked = phases === "auto" ? connectionPhases(steps, mean) : phases;
  const total = pixelWidth(width);
  const drawn = panelGrid(
    await loadPlot(),
    [
      {
        x: { label: "Step", domain: [first, Math.max(last, first * 10)], log: true },
        y: {
          label: "Connections (% of possible)",
          // Room above for the names of the phases.
          domain: [0, (high || 1) * (marked.length ? 1.16 : 1.06)],
          grid: true,
        },
        draw: (plane) => marks(plane, { steps, percent, mean, marked }),
      },
    ],
    { width: total, height: panelHeight * PIXELS_PER_CM },
  );
  const key = legendRows(legend(seeds.length), total - 40, 44);
  const names = marked.map((p) => `${p.label} from step ${formatNumber(p.from)} to ${formatNumber(p.to)}`);
  const said = [`Fraction of existing connections of ${seeds.length} seeds over log time`, ...names].join(
    "; ",
  );
  return figureWithKey({ width: total, title, description: description ?? `${said}.` }, drawn, key);
}

/**
 * Decay until the curve's minimum, growth until it first comes within 5 % of its last tenth's mean, then plateau. A
 * curve that ends at its minimum only decays; one that never settles has no plateau.
 *
 * @param steps - Shape `(point)`, ascending.
 * @param fraction - Shape `(point)`.
 */
export function connectionPhases(steps: ArrayLike<number>, fraction: ArrayLike<number>): Phase[] {
  const at = Array.from(steps, (_, i) => i).filter((i) => steps[i] > 0 && Number.isFinite(fraction[i]));
  if (at.length < 3) return [];
  const lowest = at.reduce((best, i) => (fraction[i] < fraction[best] ? i : best), at[0]);
  const [first, last] = [at[0], at[at.length - 1]];
  const tail = at.filter((i) => steps[i] >= 0.9 * steps[last]);
  const settled = tail.reduce((sum, i) => sum + fraction[i], 0) / tail.length;
  const phase = (label: string, from: number, to: number) => ({ label, from: steps[from], to: steps[to] });
  if (settled < 1.2 * fraction[lowest]) return [phase("decay", first, last)];
  const phases = lowest > first ? [phase("decay", first, lowest)] : [];
  const reached = at.find((i) => i > lowest && fraction[i] >= 0.95 * settled) ?? last;
  phases.push(phase("growth", lowest, reached));
  // A plateau that is only the end of the growth is none.
  if (steps[reached] < 0.8 * steps[last]) phases.push(phase("plateau", reached, last));
  return phases;
}

// Implementation

function meanOf(seeds: readonly ArrayLike<number>[], points: number): Float64Array {
  return Float64Array.from({ length: points }, (_, i) => {
    const values = seeds.map((s) => s[i]).filter(Number.isFinite);
    return values.reduce((a, b) => a + b, 0) / values.length;
  });
}

function marks(
  plane: Plane,
  {
    steps,
    percent,
    mean,
    marked,
  }: {
    steps: ArrayLike<number>;
    percent: readonly Float64Array[];
    mean: Float64Array;
    marked: readonly Phase[];
  },
): string {
  const many = percent.length > 1;
  const curve = (y: ArrayLike<number>): Points => ({ x: steps, y });
  const thin = many
    ? percent.map((y) => line(plane, curve(y), { stroke: COLOUR.null, width: 0.7, opacity: 0.75 }))
    : [];
  const positive = Array.from(steps, (_, i) => i).filter((i) => steps[i] > 0);
  const lowest = positive.reduce((best, i) => (mean[i] < mean[best] ? i : best), positive[0]);
  const minimum = { x: [steps[lowest]], y: [mean[lowest]] };
  const label = `${formatNumber(mean[lowest], 2)} %`;
  const dotY = plane.y(mean[lowest]);
  // Below the curve where there is room: above it lie the other seeds.
  const labelY = plane.frame.bottom - dotY > 21 ? dotY + 15 : dotY - 8;
  return [
    named("phases", ...marked.map((p, i) => phaseMark(plane, p, i))),
    named("seeds", ...thin),
    named("mean", line(plane, curve(mean), { stroke: COLOUR.empirical, width: 2.2 })),
    dots(plane, minimum, { r: 3, fill: COLOUR.empirical, edge: COLOUR.paper }),
    halo(plane.x(minimum.x[0]), labelY, label, {
      fill: COLOUR.empirical,
      anchor: "middle",
      size: FONT_SIZE.tick,
      strong: true,
    }),
  ].join("");
}

function phaseMark(plane: Plane, { label, from, to }: Phase, i: number): string {
  const { left, right, top } = plane.frame;
  const start = Math.max(left, plane.x(Math.max(from, plane.xDomain[0])));
  const end = Math.min(right, plane.x(Math.max(to, plane.xDomain[0])));
  if (!(end > start)) return "";
  const shade = stretch(plane, { from: Math.max(from, plane.xDomain[0]), to }, i % 2 ? 0.14 : 0.05);
  const size = [FONT_SIZE.label, FONT_SIZE.tick, 8].find((s) => textWidth(label, s) <= end - start - 2);
  // A name wider than its phase would lie on its neighbour's.
  if (size === undefined) return shade;
  const style = { fill: COLOUR.quiet, "text-anchor": "middle", "font-size": size };
  return shade + text((start + end) / 2, top + FONT_SIZE.label + 1, label, style);
}

function legend(seeds: number): LegendEntry[] {
  const strong: LegendEntry = {
    label: seeds > 1 ? `mean of ${seeds} seeds` : "one seed",
    strong: true,
    swatch: { kind: "line", stroke: COLOUR.empirical, width: 2.2 },
  };
  if (seeds === 1) return [strong];
  return [strong, { label: "each seed", swatch: { kind: "line", stroke: COLOUR.null, width: 0.7 } }];
}
