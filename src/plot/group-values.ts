/**
 * @file One number of each repeat, group by group: dots on one axis, with the median and the quartiles of each group.
 * What a box plot shows, without hiding how few values there are.
 */

import { checkedRange, checkSome, linearDomain, logDomain } from "./checks.ts";
import { describedFigure, type FigureOptions } from "./described-figure.ts";
import { loadPlot } from "./figure-document.ts";
import { swarm } from "./null-distribution.ts";
import { formatNumber } from "./number-format.ts";
import { type PanelAxis, renderPanel } from "./panel.ts";
import { named, type Plane } from "./plane.ts";
import { COLOUR, FONT_SIZE, pixelWidth, SERIES_COLOURS } from "./style.ts";
import { element, text } from "./svg.ts";
import { fitText, textWidth } from "./text-width.ts";

/** Values of one group. */
export interface ValueGroup {
  label: string;
  /** Shape `(repeat)`; what is not finite is left out. */
  values: ArrayLike<number>;
  median: number;
  q25: number;
  q75: number;
}

/** Look of the figure; its height follows from the groups. */
export interface GroupValuesOptions extends Omit<FigureOptions, "panelHeight"> {
  xLabel?: string;
  /** Logarithmic axis; values ≤ 0 are left out there. */
  log?: boolean;
}

/**
 * Values of groups as an SVG string, one strip a group, all on one axis.
 *
 * @throws CajalError `empty-figure`, `bad-width`.
 * @example await groupValues([{ label: "bio", values, median, q25, q75 }], { xLabel: "Minimum loss", log: true })
 */
export async function groupValues(
  groups: readonly ValueGroup[],
  { width = "double", title, description, xLabel = "Value", log = false }: GroupValuesOptions = {},
): Promise<string> {
  checkSome(WHERE, groups, "group");
  const range = checkedRange(
    WHERE,
    groups.map(({ values }) => values),
    { what: "value", positive: log },
  );
  const total = pixelWidth(width);
  const names = groups.map(({ label }) => fitText(label, 0.3 * total, FONT_SIZE.label));
  const x: PanelAxis = {
    label: xLabel,
    domain: log ? logDomain(range) : linearDomain(range),
    log,
    grid: true,
  };
  const y: PanelAxis = { label: "", domain: [0, 1], hidden: true };
  const height = groups.length * STRIP + 46;
  const left = Math.ceil(Math.max(...names.map((name) => textWidth(name, FONT_SIZE.label, "bold")))) + 16;
  const panel = renderPanel(await loadPlot(), {
    ...{ x, y, width: total, height, left, right: 14, top: 6 },
    marks: () => [],
  });
  const plane: Plane = { ...panel, xDomain: x.domain, yDomain: y.domain };
  const strips = groups.map((group, i) =>
    strip(plane, group, {
      name: names[i],
      middle: plane.frame.top + (i + 0.5) * STRIP,
      colour: colourOf(i),
      log,
    }),
  );
  const said = groups.map(
    ({ label, median, q25, q75 }) =>
      `${label} median ${formatNumber(median)}, quartiles ${formatNumber(q25)} to ${formatNumber(q75)}`,
  );
  return describedFigure(
    {
      width: total,
      height,
      title: title ?? xLabel,
      description: description ?? `${xLabel}: ${said.join("; ")}.`,
    },
    panel.markup,
    ...strips,
  );
}

// Implementation

const WHERE = "groupValues";
/** Height of a group [px]. */
const STRIP = 44;
const RADIUS = 3;

const colourOf = (i: number): string => SERIES_COLOURS[i % SERIES_COLOURS.length];

function strip(
  plane: Plane,
  { values, median, q25, q75 }: ValueGroup,
  { name, middle, colour, log }: { name: string; middle: number; colour: string; log: boolean },
): string {
  const shown = Array.from(values).filter((value) => Number.isFinite(value) && !(log && value <= 0));
  const at = shown.map(plane.x);
  const offsets = swarm(at, RADIUS);
  const press = Math.min(1, 14 / Math.max(1, ...offsets.map(Math.abs)));
  const dots = at.map((cx, i) =>
    element("circle", {
      ...{ cx, cy: middle + offsets[i] * press, r: RADIUS },
      ...{ fill: colour, "fill-opacity": 0.5, stroke: colour, "stroke-width": 0.6 },
    }),
  );
  const isDrawn = shown.length > 1 && [q25, median, q75].every((v) => Number.isFinite(plane.x(v)));
  const [from, to] = [plane.x(q25), plane.x(q75)];
  const box = isDrawn
    ? element("rect", {
        ...{ x: from, y: middle - 12, width: Math.max(1, to - from), height: 24, rx: 2 },
        ...{ fill: colour, "fill-opacity": 0.14 },
      }) + element("rect", { x: plane.x(median) - 1, y: middle - 14, width: 2, height: 28, fill: COLOUR.ink })
    : "";
  return (
    text(6, middle + 4, name, { "font-size": FONT_SIZE.label, "font-weight": "bold", fill: colour }) +
    named("quartiles", box) +
    named("repeats", ...dots)
  );
}
