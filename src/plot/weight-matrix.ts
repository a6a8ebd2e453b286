/**
 * @file Picture of a weight matrix w[post, pre]: magnitude by its logarithm, sign by hue, absent edges white.
 */

import { CajalError, type SparseMatrix } from "../core/index.ts";
import { dataUri, encodePng } from "./png.ts";
import { COLOUR, type FigureWidth, FONT_SIZE, pixelWidth } from "./style.ts";
import { element, figure, text } from "./svg.ts";
import { colourBar, colourBarWidth } from "./weight-colour-bar.ts";
import { blockGuides, blocksOf, type Guides, guideSize } from "./weight-matrix-guides.ts";
import { type WeightScale, weightScale } from "./weight-scale.ts";

/** The weights, and what their rows and columns are called and grouped by. */
export interface WeightMatrixData {
  /** `(post, pre)`, square. */
  weights: SparseMatrix;
  /** Node names, shape `(unit)`; written beside the axes where there are at most 60. */
  labels?: readonly string[];
  /** Node types, shape `(unit)`; nodes of one type are drawn together. */
  types?: readonly (string | null | undefined)[];
}

/** Size, words, and the order of the types along both axes. */
export interface WeightMatrixOptions {
  width?: FigureWidth;
  /** Name and unit of a weight, e.g. `Synapses`. */
  weightLabel?: string;
  /** What a node is: `neuron`, `area`. */
  nodeName?: string;
  /** Order of the types; else as they first appear. */
  typeOrder?: readonly string[];
}

/** A picture has about so many pixels a side: small matrices are enlarged, large ones pooled. */
const MIN_SIDE = 600;
const MAX_SIDE = 1200;

/**
 * Picture of a weight matrix, as an SVG string with the cells as one embedded PNG.
 *
 * @throws CajalError `shape`, `empty-figure`, `not-a-number`, `bad-width`.
 */
export async function weightMatrix(
  data: WeightMatrixData,
  { width = 12, weightLabel = "Weight", nodeName = "unit", typeOrder }: WeightMatrixOptions = {},
): Promise<string> {
  check(data);
  const n = data.weights.rows;
  const scale = weightScale(data.weights.values);
  const blocks = blocksOf(data.types, n, typeOrder);
  const guides: Guides = { blocks, labels: n <= 60 ? data.labels : undefined };
  const room = guideSize(guides);
  const total = pixelWidth(width);
  const left = room.left + AXIS;
  const right = scale ? colourBarWidth(scale) : 8;
  const side = total - left - right;
  const top = room.top + 4;
  const size = { width: total, height: top + side + room.bottom + AXIS };
  const order = blocks.flatMap((b) => b.members);
  const image = scale ? cells(data.weights, order, scale) : undefined;
  const plural = (word: string) => `${word} ${nodeName} (${n})`;
  const middleY = top + side / 2;
  return figure(
    size,
    `Weight matrix of ${n} × ${n} ${nodeName}s`,
    image
      ? element("image", {
          x: left,
          y: top,
          width: side,
          height: side,
          preserveAspectRatio: "none",
          "image-rendering": "pixelated",
          href: image,
        })
      : text(left + side / 2, middleY, "no edges", { fill: COLOUR.quiet, "text-anchor": "middle" }),
    blockGuides(guides, { left, top, side }),
    element("rect", {
      x: left,
      y: top,
      width: side,
      height: side,
      fill: "none",
      stroke: COLOUR.axis,
      "stroke-width": 0.75,
    }),
    text(left + side / 2, size.height - 5, plural("Presynaptic"), axisStyle),
    text(0, 0, plural("Postsynaptic"), {
      ...axisStyle,
      transform: `translate(${FONT_SIZE.label - 1},${Math.round(middleY)})rotate(-90)`,
    }),
    scale ? colourBar(scale, { x: left + side + 16, top, height: Math.min(side, 220) }, weightLabel) : "",
  );
}

// Implementation

/** Room for the name of an axis [px]. */
const AXIS = FONT_SIZE.label + 8;
const axisStyle = { "text-anchor": "middle", "font-size": FONT_SIZE.label };

function check({ weights, labels, types }: WeightMatrixData): void {
  const { rows, columns, values } = weights;
  const fail = (what: string, code: string, hint?: string) => {
    throw new CajalError(what, { code, where: "weightMatrix", hint });
  };
  if (rows === 0) fail("the matrix is empty", "empty-figure");
  if (rows !== columns) fail(`the matrix is ${rows} × ${columns}, not square`, "shape");
  for (const [name, list] of Object.entries({ labels, types })) {
    if (list && list.length !== rows)
      fail(`${list.length} ${name} for ${rows} nodes`, "shape", "Give one for each node.");
  }
  const bad = values.findIndex((v) => !Number.isFinite(v));
  if (bad >= 0) fail(`weight ${bad} is ${values[bad]}`, "not-a-number", "Remove or replace it.");
}

/** The cells in the given order as a `data:` PNG; where cells are pooled, the strongest of each group shows. */
function cells(weights: SparseMatrix, order: readonly number[], scale: WeightScale): string {
  const n = order.length;
  const pool = Math.ceil(n / MAX_SIDE);
  const side = Math.ceil(n / pool);
  const zoom = Math.max(1, Math.round(MIN_SIDE / side));
  const place = new Int32Array(n);
  order.forEach((node, at) => {
    place[node] = at;
  });
  const strongest = new Float64Array(side * side);
  for (let i = 0; i < n; i++) {
    const row = Math.floor(place[i] / pool) * side;
    for (let k = weights.rowStart[i]; k < weights.rowStart[i + 1]; k++) {
      const at = row + Math.floor(place[weights.column[k]] / pool);
      if (Math.abs(weights.values[k]) > Math.abs(strongest[at])) strongest[at] = weights.values[k];
    }
  }
  const wide = side * zoom;
  const pixels = new Uint8Array(wide * wide);
  for (let i = 0; i < wide; i++) {
    for (let j = 0; j < wide; j++) {
      pixels[i * wide + j] = scale.index(strongest[Math.floor(i / zoom) * side + Math.floor(j / zoom)]);
    }
  }
  return dataUri(encodePng(pixels, { width: wide, height: wide }, scale.palette));
}
