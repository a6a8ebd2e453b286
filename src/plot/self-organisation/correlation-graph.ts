/**
 * @file Pairs of units that fire together, as lines between units on a circle.
 */

import { cos, sin } from "../../core/index.ts";
import { checkSome, refuse } from "../checks.ts";
import { describedFigure, type FigureOptions } from "../described-figure.ts";
import { legendRows } from "../legend.ts";
import { formatNumber } from "../number-format.ts";
import { place } from "../panel.ts";
import { named, stroked } from "../plane.ts";
import { COLOUR, OKABE_ITO, pixelWidth } from "../style.ts";
import { element, shortNumber } from "../svg.ts";

/** Correlations of pairs of units. */
export interface CorrelationGraphData {
  /** Shape `(unit, unit)`, symmetric, row-major; only what is below the diagonal is read. */
  correlations: { rows: number; values: ArrayLike<number> };
  /** Pairs whose |r| is at least this have a line, > 0. */
  threshold: number;
}

/**
 * The graph as an SVG string: units in their order on a circle, a line for each pair at or above the threshold.
 *
 * @throws CajalError `empty-figure`, `shape`, `bad-option`, `bad-width`.
 * @example await correlationGraph({ correlations, threshold: 0.1 })
 */
export async function correlationGraph(
  { correlations, threshold }: CorrelationGraphData,
  { width = 11, title = "Pairs that fire together", description }: FigureOptions = {},
): Promise<string> {
  const { rows, values } = correlations;
  checkSome(WHERE, values, "correlation");
  if (values.length !== rows * rows) {
    refuse(WHERE, `${values.length} correlations for ${rows} units`, "shape", "Give shape (unit, unit).");
  }
  if (!(threshold > 0)) {
    refuse(WHERE, `the threshold is ${threshold}`, "bad-option", "Give a correlation above 0.");
  }
  const size = pixelWidth(width);
  const centre = size / 2;
  const radius = centre - 12;
  const at = (unit: number) => {
    const angle = (2 * Math.PI * unit) / rows;
    return [centre + radius * sin(angle), centre - radius * cos(angle)].map(shortNumber).join(",");
  };
  const paths = { positive: "", negative: "" };
  const joined = new Set<number>();
  let pairs = 0;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < i; j++) {
      const r = values[i * rows + j];
      if (!(r >= threshold || r <= -threshold)) continue;
      paths[r > 0 ? "positive" : "negative"] += `M${at(j)}L${at(i)}`;
      joined.add(i).add(j);
      pairs++;
    }
  }
  const units = Array.from({ length: rows }, (_, unit) => unit);
  const spots = (chosen: number[], fill: string) =>
    element("path", {
      d: chosen.map((unit) => `M${at(unit)}h0`).join(""),
      fill: "none",
      stroke: fill,
      "stroke-width": rows > 120 ? 3 : 5,
      "stroke-linecap": "round",
    });
  const opacity = pairs > 2000 ? 0.15 : pairs > 300 ? 0.35 : 0.6;
  const markup = [
    named("negative", paths.negative && stroked(paths.negative, { ...NEGATIVE, opacity })),
    named("positive", paths.positive && stroked(paths.positive, { ...POSITIVE, opacity })),
    named(
      "units",
      spots(
        units.filter((unit) => !joined.has(unit)),
        COLOUR.null,
      ),
      spots(
        units.filter((unit) => joined.has(unit)),
        COLOUR.ink,
      ),
    ),
  ].join("");
  const limit = formatNumber(threshold, 2);
  const key = legendRows(
    [
      { label: `r ≥ ${limit}`, swatch: { kind: "line", ...POSITIVE } },
      { label: `r ≤ −${limit}`, swatch: { kind: "line", ...NEGATIVE } },
    ],
    size - 12,
    12,
  );
  const said = `${rows} units on a circle; ${pairs} of ${(rows * (rows - 1)) / 2} pairs have a correlation of at least ${limit} in size and are joined.`;
  return describedFigure(
    { width: size, height: size + key.height, title, description: description ?? said },
    markup,
    place(0, size, key.markup),
  );
}

// Implementation

const WHERE = "correlationGraph";
const POSITIVE = { stroke: OKABE_ITO.vermilion, width: 0.8 };
const NEGATIVE = { stroke: OKABE_ITO.blue, width: 0.8 };
