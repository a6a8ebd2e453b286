/**
 * @file Recurrent weights before and after training, side by side on one colour scale, units ordered by area and sign.
 */

import { checkLengths, checkSome, refuse } from "../checks.ts";
import { describedFigure, type FigureOptions } from "../described-figure.ts";
import { quantileOf } from "../histogram.ts";
import { formatNumber } from "../number-format.ts";
import { COLOUR, FONT_SIZE, pixelWidth, SERIES_COLOURS } from "../style.ts";
import { element, shortNumber, text } from "../svg.ts";
import { fitText, textWidth } from "../text-width.ts";
import { heatBar, heatBarWidth } from "./heat-bar.ts";
import { type HeatScale, heatImage, signedScale } from "./heat-scale.ts";
import { groupName, type PlainMatrix, signColour, type UnitOrder, unitGroups } from "./unit-groups.ts";

/** Matrices of the same units, and what orders them. */
export interface OrderedWeightsData extends UnitOrder {
  /** Shape `(post, pre)` each, square, all of one size; the last one gives the order inside a group. */
  matrices: readonly { title: string; weights: PlainMatrix }[];
  areaNames?: readonly string[];
}

/** Look of the figure, and the range of its colours. */
export interface OrderedWeightsOptions extends Omit<FigureOptions, "panelHeight"> {
  /** |w| of the deepest colours; else that below which 99 % of the weights other than 0 lie. */
  limit?: number;
}

/**
 * Ordered weight matrices as an SVG string: columns are presynaptic; blue excites, orange inhibits, white is 0.
 *
 * @throws CajalError `empty-figure`, `shape`, `out-of-range`, `bad-width`.
 * @example await orderedWeights({ matrices: [{ title: "before", weights: w0 }, { title: "after", weights: w }], signs })
 */
export async function orderedWeights(
  data: OrderedWeightsData,
  { width = "double", title = "Recurrent weights", description, limit }: OrderedWeightsOptions = {},
): Promise<string> {
  check(data, limit);
  const { matrices } = data;
  const n = matrices[0].weights.rows;
  const scale = signedScale(limit ?? limitOf(matrices.map((m) => m.weights)));
  const spans = spansOf(data);
  const longest = Math.max(0, ...spans.map((s) => textWidth(s.name, FONT_SIZE.tick)));
  const left = AXIS + (longest > 0 ? Math.ceil(longest) + STRIP + 9 : STRIP + 4);
  const total = pixelWidth(width);
  const room = total - left - heatBarWidth(scale) - GAP * (matrices.length - 1);
  // One matrix alone need not fill two columns.
  const side = Math.floor(Math.min(room / matrices.length, 460));
  const top = FONT_SIZE.label + 10 + STRIP;
  const height = top + side + AXIS + 4;
  const order = spans.flatMap((s) => s.members);
  const parts = matrices.map((matrix, k) =>
    picture(matrix, { scale, spans, order, side, left: left + k * (side + GAP), top, isFirst: k === 0 }),
  );
  const middle = left + (matrices.length * (side + GAP) - GAP) / 2;
  const style = { "text-anchor": "middle", "font-size": FONT_SIZE.label };
  const bar = { right: left + matrices.length * (side + GAP) - GAP, top, height: Math.min(side, 220) };
  const groups = spans.map((s) => `${s.members.length} ${s.name || "units"}`).join(", ");
  const said = `Weights of ${n} units (${groups}), ${matrices.map((m) => m.title).join(" and ")}.`;
  return describedFigure(
    { width: total, height, title, description: description ?? said },
    ...parts,
    text(middle, height - 5, `Presynaptic unit (${n})`, style),
    text(0, 0, "Postsynaptic unit", {
      ...style,
      transform: `translate(${FONT_SIZE.label - 1},${Math.round(top + side / 2)})rotate(-90)`,
    }),
    heatBar(scale, bar, `Weight (deepest at ±${formatNumber(scale.high, 2)})`),
  );
}

// Implementation

const WHERE = "orderedWeights";
/** Room for the name of an axis, width of the strips, gap between matrices [px]. */
const AXIS = FONT_SIZE.label + 8;
const STRIP = 5;
const GAP = 18;

function check({ matrices, signs, areas }: OrderedWeightsData, limit: number | undefined): void {
  checkSome(WHERE, matrices, "matrix");
  const n = matrices[0].weights.rows;
  if (n === 0) refuse(WHERE, "the matrix is empty", "empty-figure", "Give at least one unit.");
  for (const { title, weights } of matrices) {
    const { rows, columns, values } = weights;
    const where = `${WHERE}: "${title}"`;
    if (rows !== columns) refuse(where, `the matrix is ${rows} × ${columns}, not square`, "shape");
    if (rows !== n) refuse(where, `the matrix has ${rows} units, the first one ${n}`, "shape");
    if (values.length !== n * n) refuse(where, `${values.length} values do not fill ${n} × ${n}`, "shape");
  }
  checkLengths(WHERE, { units: { length: n }, signs, areas });
  if (limit !== undefined && !(limit > 0)) {
    refuse(WHERE, `limit is ${limit}`, "out-of-range", "Give the |w| of the deepest colour, > 0.");
  }
}

function limitOf(matrices: readonly PlainMatrix[]): number {
  const sizes = matrices.flatMap(({ values }) => Array.from(values, Math.abs).filter((w) => w > 0));
  const limit = quantileOf(sizes, 0.99);
  return limit > 0 ? limit : 1;
}

/** A group of units with its name and place among the rows. */
interface Span {
  name: string;
  sign: number;
  area: number;
  members: number[];
  from: number;
}

function spansOf(data: OrderedWeightsData): Span[] {
  const groups = unitGroups(data.matrices[data.matrices.length - 1].weights, data);
  const isMany = new Set(groups.map((g) => g.area)).size > 1;
  let from = 0;
  return groups.map((group) => {
    const span = { ...group, name: groupName(group, { areaNames: data.areaNames, isMany }), from };
    from += group.members.length;
    return span;
  });
}

function picture(
  { title, weights }: OrderedWeightsData["matrices"][number],
  {
    scale,
    spans,
    order,
    side,
    left,
    top,
    isFirst,
  }: {
    scale: HeatScale;
    spans: readonly Span[];
    order: readonly number[];
    side: number;
    left: number;
    top: number;
    isFirst: boolean;
  },
): string {
  const { rows: n, columns, values } = weights;
  const href = heatImage({ rows: n, columns: n }, scale, (i, j) => values[order[i] * columns + order[j]]);
  const box = { x: left, y: top, width: side, height: side };
  const style = { preserveAspectRatio: "none", "image-rendering": "pixelated" };
  return element(
    "g",
    { "aria-label": title },
    element("image", { ...box, ...style, href }),
    ...spans.map((span, i) =>
      guides(span, { cell: side / n, side, left, top, isFirst, before: spans[i - 1] }),
    ),
    element("rect", { ...box, fill: "none", stroke: COLOUR.axis, "stroke-width": 0.75 }),
    text(left, top - STRIP - 6, fitText(title, side / 1.07, FONT_SIZE.label), {
      "font-size": FONT_SIZE.label,
      "font-weight": "bold",
    }),
  );
}

/** Strips of a group beside and above the cells, its name, and the border to the group before. */
function guides(
  { name, sign, area, members, from }: Span,
  {
    cell,
    side,
    left,
    top,
    isFirst,
    before,
  }: {
    cell: number;
    side: number;
    left: number;
    top: number;
    isFirst: boolean;
    before: Span | undefined;
  },
): string {
  const start = from * cell;
  const length = Math.max(0.5, members.length * cell - 0.6);
  const fill = sign === 0 ? SERIES_COLOURS[area % SERIES_COLOURS.length] : signColour(sign);
  const strips =
    name === ""
      ? ""
      : element("rect", { x: left - STRIP - 2, y: top + start, width: STRIP, height: length, fill }) +
        element("rect", { x: left + start, y: top - STRIP - 2, width: length, height: STRIP, fill });
  const [across, along] = [top + start, left + start].map(shortNumber);
  const d = `M${left},${across}h${side}M${along},${shortNumber(top)}v${side}`;
  const isArea = before !== undefined && before.area !== area;
  const line = before
    ? element("path", {
        d,
        stroke: COLOUR.axis,
        "stroke-width": isArea ? 1 : 0.5,
        "stroke-opacity": isArea ? 0.9 : 0.6,
        "stroke-dasharray": isArea ? undefined : "3 2",
      })
    : "";
  const isWritten = isFirst && name !== "" && length >= FONT_SIZE.tick - 2;
  const label = isWritten
    ? text(left - STRIP - 6, top + start + length / 2 + 0.35 * FONT_SIZE.tick, name, { "text-anchor": "end" })
    : "";
  return strips + line + label;
}
