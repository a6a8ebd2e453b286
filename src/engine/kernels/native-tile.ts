/**
 * @file Sums of instances in registers, as C: a row of instances is cut into vectors, and as many of them as registers
 * hold at once are a tile.
 */

import { cutRow, type Piece, type VectorBytes, vectorType } from "../../compiler/index.ts";
import { elementBytes, type ProductOptions } from "./options.ts";

/** What a product in C is specialised on. */
export interface NativeProductOptions extends ProductOptions {
  /** Bytes of the machine's widest vectors. */
  widest: VectorBytes;
}

/** Vectors of sums kept in registers at once: half of the 32 of AVX-512, the rest holds operands. */
export const WIDEST_TILE = 8;

/** Type of a weight. */
export const scalarOf = ({ precision }: ProductOptions) => (precision === "f64" ? "double" : "float");

/** Rows of instances, tile by tile; what starts a tile is its first instance as a C expression. */
export function eachTile(
  options: NativeProductOptions,
  print: (pieces: Piece[], first: string) => string,
): string {
  const { precision, stride, widest } = options;
  const pieces = cutRow(stride, precision, widest);
  const { lanes } = pieces[0].type;
  const tileLanes = WIDEST_TILE * lanes;
  const whole = Math.floor(stride / tileLanes);
  const rest = pieces
    .filter((p) => p.from >= whole * tileLanes)
    .map((p) => ({ ...p, from: p.from - whole * tileLanes }));
  let text = "";
  if (whole > 0) {
    const tile = pieces.slice(0, WIDEST_TILE);
    text += `for (uint32_t b = 0; b < ${whole * tileLanes}; b += ${tileLanes}) {\n${print(tile, "b")}}\n`;
  }
  return rest.length > 0 ? `${text}{\n${print(rest, `${whole * tileLanes}`)}}\n` : text;
}

/** One weight in every lane of each vector type of a tile. */
export function spreadWeight(pieces: readonly Piece[], value: string, name: string): string {
  return inEachType(pieces, `splat_${pieces[0].type.name}(${value})`, name);
}

/**
 * Weights are loaded four at once and spread from there, for loads bind; eight take longer to take apart.
 *
 * @returns `load` of the group that holds an edge, where it is the first, and `spread` of the edge's weight.
 */
export function weightGroups({ precision, widest }: NativeProductOptions): {
  load: (edge: number, at: string) => string;
  spread: (edge: number, pieces: readonly Piece[]) => string;
} {
  const group = vectorType(precision, Math.min(widest, 4 * elementBytes(precision)) as VectorBytes);
  const place = (edge: number) => [Math.floor(edge / group.lanes), edge % group.lanes];
  return {
    load: (edge, at) => {
      const [g, lane] = place(edge);
      return lane === 0 ? `const ${group.name} g${g} = load_${group.name}(${at});\n` : "";
    },
    spread: (edge, pieces) => {
      const [g, lane] = place(edge);
      return inEachType(pieces, `spread_${pieces[0].type.name}(g${g}, ${lane})`, "w");
    },
  };
}

/** Store a sum, or add it to what is there. */
export function storeSum(
  { type }: Piece,
  { at, sum }: { at: string; sum: string },
  accumulate: boolean,
): string {
  const { name } = type;
  return `store_${name}(${at}, ${accumulate ? `load_${name}(${at}) + ${sum}` : sum});`;
}

// Implementation

/** A vector of the widest type under a name for each vector type of a tile; narrow ones are its first part. */
function inEachType(pieces: readonly Piece[], vector: string, name: string): string {
  const [{ type: widest }] = pieces;
  const types = new Map(pieces.map(({ type }) => [type.name, type]));
  return [...types.values()]
    .map((type) => {
      const target = `${name}_${type.lanes}`;
      return type.name === widest.name
        ? `${type.name} ${target} = ${vector};`
        : `${type.name} ${target}; memcpy(&${target}, &${name}_${widest.lanes}, ${type.bytes});`;
    })
    .join(" ");
}
