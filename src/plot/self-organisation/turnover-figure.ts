/**
 * @file Births and deaths of synapses per step over time: in the plateau they balance.
 */

import { checkedRange, checkLengths, checkSome } from "../checks.ts";
import { type FigureOptions, figureWithKey } from "../described-figure.ts";
import { loadPlot } from "../figure-document.ts";
import { legendRows } from "../legend.ts";
import { panelGrid } from "../panel-grid.ts";
import { level, line, named } from "../plane.ts";
import { COLOUR, OKABE_ITO, PIXELS_PER_CM, pixelWidth } from "../style.ts";

/** Births and deaths of synapses over time. */
export interface TurnoverData {
  /** Middle of each stretch of time [steps], shape `(point)`, ascending. */
  steps: ArrayLike<number>;
  /** Synapses born and lost in a step, mean over the stretch, shape `(point)`. */
  births: ArrayLike<number>;
  deaths: ArrayLike<number>;
  /** Births in a step that the rule prescribes. */
  expected?: number;
}

/** Look of the figure, and which axes are logarithmic. */
export interface TurnoverOptions extends FigureOptions {
  /** Logarithmic axes. */
  logTime?: boolean;
  logRate?: boolean;
}

/**
 * Births and deaths per step as an SVG string. On a logarithmic axis of time, step 0 has no place and is left out.
 *
 * @throws CajalError `empty-figure`, `shape`, `bad-width`.
 * @example await turnoverFigure({ steps, births, deaths, expected: 0.1 })
 */
export async function turnoverFigure(
  { steps, births, deaths, expected }: TurnoverData,
  {
    width = "double",
    panelHeight = 6,
    title = "Births and deaths of synapses",
    description,
    logTime = true,
    logRate = false,
  }: TurnoverOptions = {},
): Promise<string> {
  const where = "turnoverFigure";
  checkSome(where, steps, "step");
  checkLengths(where, { steps, births, deaths });
  const [first, last] = checkedRange(where, [steps], { what: "step", positive: logTime });
  const lists = [births, deaths, expected === undefined ? [] : [expected]];
  const [low, high] = checkedRange(where, lists, { what: "rate", positive: logRate });
  const total = pixelWidth(width);
  const end = logTime ? Math.max(last, 10 * first) : last > first ? last : first + 1;
  const drawn = panelGrid(
    await loadPlot(),
    [
      {
        x: { label: "Step", domain: [first, end], log: logTime, ticks: 7 },
        y: {
          label: "Synapses per step",
          domain: logRate ? [low / 1.3, Math.max(high * 1.3, low * 10)] : [0, (high || 1) * 1.08],
          log: logRate,
          grid: true,
        },
        draw: (plane) =>
          [
            named("deaths", line(plane, { x: steps, y: deaths }, DEATHS)),
            named("births", line(plane, { x: steps, y: births }, BIRTHS)),
            expected === undefined ? "" : named("expected", level(plane, expected, EXPECTED)),
          ].join(""),
      },
    ],
    { width: total, height: panelHeight * PIXELS_PER_CM },
  );
  const key = legendRows(
    [
      { label: "births", swatch: { kind: "line", ...BIRTHS } },
      { label: "deaths", swatch: { kind: "line", ...DEATHS } },
      ...(expected === undefined
        ? []
        : [{ label: `births by the rule: ${expected}`, swatch: { kind: "line" as const, ...EXPECTED } }]),
    ],
    total - 40,
    44,
  );
  const said = `Births and deaths of synapses per step over steps ${first} to ${last}.`;
  return figureWithKey({ width: total, title, description: description ?? said }, drawn, key);
}

// Implementation

const BIRTHS = { stroke: OKABE_ITO.blue, width: 1.6 };
const DEATHS = { stroke: COLOUR.empirical, width: 1.6 };
const EXPECTED = { stroke: COLOUR.ink, width: 0.9, dash: "2 2" };
