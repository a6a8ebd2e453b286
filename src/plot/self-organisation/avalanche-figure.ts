/**
 * @file Avalanche statistics on log–log axes: densities of size and duration, mean size against duration, the fits on
 * their windows, and the surrogates that have to look different before anything is concluded. After Del Papa,
 * Priesemann and Triesch (2017), PLoS ONE 12, e0178683; the surrogates are ours.
 */

import { checkedRange, checkLengths, checkSome, logDomain, refuse } from "../checks.ts";
import { type FigureOptions, figureWithKey } from "../described-figure.ts";
import { loadPlot } from "../figure-document.ts";
import { logBinnedDensity } from "../histogram.ts";
import { type LegendEntry, legendRows } from "../legend.ts";
import { type GridPanel, panelGrid } from "../panel-grid.ts";
import { dots, line, named, type Plane, type Points, stretch } from "../plane.ts";
import { note } from "../plane-text.ts";
import { COLOUR, FONT_SIZE, PIXELS_PER_CM, pixelWidth } from "../style.ts";
import { type PowerLawLine, powerLawLine, powerLawNote } from "./power-law-line.ts";

/** Avalanches as their values, whole numbers ≥ 1, which are then binned; or as points already binned. */
export type AvalancheSample = { values: ArrayLike<number> } | Points;

/** What one panel shows. */
export interface AvalanchePanel {
  /** All seeds together. */
  pooled: AvalancheSample;
  /** Each seed, shape `(seed)`. */
  seeds?: readonly AvalancheSample[];
  /** Power law fitted to the pooled data; slope −τ of sizes, −α of durations, γ of mean size against duration. */
  fit?: PowerLawLine;
  /** The same of activity without avalanche dynamics: binomial, AR(1), shuffled. */
  surrogates?: readonly { label: string; sample: AvalancheSample }[];
}

/** Up to three panels; what is left out is not drawn. */
export interface AvalancheData {
  /** Density of sizes, Σ (a − θ). */
  size?: AvalanchePanel;
  /** Density of durations [steps]. */
  duration?: AvalanchePanel;
  /** Mean size (y) against duration (x); points, not values. */
  meanSize?: AvalanchePanel;
}

/** Look of the figure, and how finely values are binned. */
export interface AvalancheOptions extends FigureOptions {
  /** Bins for each factor of 10, where values are binned here. */
  binsPerDecade?: number;
}

/**
 * Avalanche distributions as an SVG string: seeds thin, pooled bold, fitted power law on its window, surrogates grey.
 *
 * @throws CajalError `empty-figure`, `shape`, `bad-width`.
 * @example await avalancheFigure({ size: { pooled: { values: sizes }, fit: { slope: -1.23, from: 10, to: 1500 } } })
 */
export async function avalancheFigure(
  data: AvalancheData,
  {
    width = "double",
    panelHeight = 6.2,
    title = "Avalanches",
    description,
    binsPerDecade = 8,
  }: AvalancheOptions = {},
): Promise<string> {
  const kinds = KINDS.filter((k) => data[k.name] !== undefined);
  checkSome(WHERE, kinds, "distribution");
  const shown = kinds.map((k) => ({ ...k, content: prepare(data[k.name]!, k.name, binsPerDecade) }));
  const total = pixelWidth(width);
  const drawn = panelGrid(await loadPlot(), shown.map(panelOf), {
    width: total,
    height: panelHeight * PIXELS_PER_CM,
    columns: 3,
    right: 10,
  });
  const key = legendRows(legend(shown.map((s) => s.content)), total - 12, 12);
  const fits = shown.map(({ heading, content: c, symbol, sign }) =>
    [heading, ...(c.fit ? powerLawNote(c.fit, symbol, sign) : [])].join(", "),
  );
  const said = `Log–log distributions of avalanches beside their surrogates: ${fits.join("; ")}.`;
  return figureWithKey({ width: total, title, description: description ?? said }, drawn, key);
}

// Implementation

const WHERE = "avalancheFigure";

/** A kind of panel. `sign`: −1 where the exponent is minus the slope. */
const KINDS = [
  { name: "size", heading: "Size", xLabel: "Size S", yLabel: "Density p(S)", symbol: "τ", sign: -1 },
  {
    name: "duration",
    heading: "Duration",
    xLabel: "Duration T (steps)",
    yLabel: "Density p(T)",
    symbol: "α",
    sign: -1,
  },
  {
    name: "meanSize",
    heading: "Size against duration",
    xLabel: "Duration T (steps)",
    yLabel: "Mean size ⟨S⟩(T)",
    symbol: "γ",
    sign: 1,
  },
] as const;

type Kind = (typeof KINDS)[number];

/** A panel with everything as points. */
interface Content {
  pooled: Points;
  seeds: readonly Points[];
  fit?: PowerLawLine;
  surrogates: readonly { label: string; points: Points }[];
}

/** Greys and dashes that tell surrogates apart in print. */
const SURROGATES = [
  { stroke: "#8a8a8a", width: 1.4 },
  { stroke: "#8a8a8a", width: 1.4, dash: "5 2.5" },
  { stroke: "#8a8a8a", width: 1.4, dash: "1.5 2" },
  { stroke: "#b5b5b5", width: 1.6 },
] as const;

const FIT = { stroke: COLOUR.ink, width: 1.4 };
const SEED = { stroke: "#e9a27a", width: 0.7 };

function prepare(panel: AvalanchePanel, name: string, binsPerDecade: number): Content {
  const { pooled, seeds = [], fit, surrogates = [] } = panel;
  const points = (sample: AvalancheSample, what: string): Points => {
    const where = `${WHERE}: ${name}.${what}`;
    if (!("values" in sample)) {
      checkLengths(where, { x: sample.x, y: sample.y });
      return sample;
    }
    if (name === "meanSize") {
      refuse(
        where,
        "values have no duration to stand at",
        "shape",
        "Give points x (duration) and y (mean size).",
      );
    }
    return logBinnedDensity(sample.values, binsPerDecade);
  };
  return {
    pooled: points(pooled, "pooled"),
    seeds: seeds.map((s, i) => points(s, `seeds[${i}]`)),
    fit,
    surrogates: surrogates.map((s, i) => ({ label: s.label, points: points(s.sample, `surrogates[${i}]`) })),
  };
}

function panelOf(kind: Kind & { content: Content }): GridPanel {
  const { pooled, seeds, surrogates } = kind.content;
  const where = `${WHERE}: ${kind.name}`;
  const all = [pooled, ...seeds, ...surrogates.map((s) => s.points)];
  const xRange = checkedRange(
    where,
    all.map((p) => p.x),
    { what: "value", positive: true },
  );
  const yRange = checkedRange(where, [pooled.y, ...seeds.map((p) => p.y)], { what: "value", positive: true });
  // Surrogates may die out earlier, and far below: they are cut at the axis that the data need.
  return {
    title: kind.heading,
    x: { label: kind.xLabel, domain: logDomain(xRange), log: true },
    y: { label: kind.yLabel, domain: logDomain(yRange, 1.6), log: true },
    draw: (plane) => marks(plane, kind),
  };
}

function marks(plane: Plane, { content, symbol, sign }: Kind & { content: Content }): string {
  const { pooled, seeds, surrogates, fit } = content;
  const [value, ...rest] = fit ? powerLawNote(fit, symbol, sign) : [];
  const lines = value
    ? [{ text: value, strong: true }, ...rest.map((r) => ({ text: r, fill: COLOUR.quiet }))]
    : [];
  return [
    fit ? named("window", stretch(plane, fit)) : "",
    named(
      "surrogates",
      ...surrogates.map((s, i) => line(plane, s.points, SURROGATES[i % SURROGATES.length])),
    ),
    named("seeds", ...seeds.map((p) => line(plane, p, SEED))),
    named(
      "pooled",
      line(plane, pooled, { stroke: COLOUR.empirical, width: 1.8 }),
      dots(plane, pooled, { r: 2, fill: COLOUR.empirical }),
    ),
    fit ? named("fit", powerLawLine(plane, pooled, fit, FIT)) : "",
    // Densities fall, so their lower left is free; mean size rises.
    note(plane, lines, { corner: sign < 0 ? "bottom-left" : "top-left", size: FONT_SIZE.tick }),
  ].join("");
}

function legend(contents: readonly Content[]): LegendEntry[] {
  const seeds = Math.max(...contents.map((c) => c.seeds.length));
  const longest = contents.reduce((a, b) => (b.surrogates.length > a.surrogates.length ? b : a));
  return [
    {
      label: seeds > 0 ? `pooled over ${seeds} seeds` : "data",
      strong: true,
      swatch: { kind: "line", stroke: COLOUR.empirical, width: 1.8, dot: true },
    },
    ...(seeds > 0 ? [{ label: "each seed", swatch: { kind: "line", ...SEED } } satisfies LegendEntry] : []),
    ...(contents.some((c) => c.fit)
      ? [
          {
            label: "power law",
            swatch: { kind: "line", ...FIT },
          } satisfies LegendEntry,
        ]
      : []),
    ...longest.surrogates.map(
      (s, i): LegendEntry => ({
        label: s.label,
        note: "(surrogate)",
        swatch: { kind: "line", ...SURROGATES[i % SURROGATES.length] },
      }),
    ),
  ];
}
