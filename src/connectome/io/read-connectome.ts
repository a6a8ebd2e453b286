/**
 * @file A connectome from the bytes of a file: `.npy`, `.npz`, a matrix as text, or a list of edges. This is the
 * border where matrices with sources in rows are turned into Cajal's `w[post, pre]`.
 */

import {
  CajalError,
  type DenseMatrix,
  dense,
  type SparseMatrix,
  suggest,
  toSparse,
  transpose,
} from "../../core/index.ts";
import { type Connectome, type ConnectomeSource, createConnectome } from "../connectome.ts";
import { type CsvMatrixOptions, matrixFromRows } from "./csv.ts";
import { type Separator, splitRows } from "./delimited.ts";
import { type EdgeListOptions, edgesFromRows } from "./edge-list.ts";
import { CONNECTOME_FORMATS, type ConnectomeFormat, guessFormat, guessTextFormat } from "./guess-format.ts";
import { type NumberArray, readNpy } from "./npy.ts";
import { readNpyHeader } from "./npy-header.ts";
import { listNpz, readNpz, readNpzBytes } from "./npz.ts";
import { decodeText } from "./text.ts";

/** What the rows of a matrix file mean: `"pre-post"` rows are sources, `"post-pre"` rows are targets. */
export type Orientation = "pre-post" | "post-pre";

/** How to read a connectome; everything but `name` has a default. */
export interface ReadConnectomeOptions
  extends Omit<CsvMatrixOptions, "name">,
    Omit<EdgeListOptions, "name" | "labels"> {
  /** File name, for messages and to guess the format; without its extension, the name of the connectome. */
  name: string;
  /** Default: by the first bytes, the extension, or the look of the text. */
  format?: ConnectomeFormat;
  /** Default `"pre-post"`, as BCT, NetworkX and most published matrices have it. For edge lists: source first. */
  orientation?: Orientation;
  /** Shape `(unit)`; for edge lists also the order of the nodes. */
  labels?: readonly string[];
  /** Which array of a `.npz`; default: the only square matrix. */
  array?: string;
  /** Largest unpacked array of a `.npz` [bytes], default 1 GiB. */
  maxBytes?: number;
  /** Shape `(unit)`. */
  types?: readonly string[];
  /** Shape `(unit, 3)` [mm]. */
  positions?: ArrayLike<number>;
  source?: ConnectomeSource;
}

/**
 * Read a connectome.
 *
 * @param bytes - The whole file.
 * @returns Weights `w[post, pre]`; `directed` is false when they are symmetric within 1e-12.
 * @throws CajalError of the format's reader, and `unknown-format`, `not-square`, `npz-choose-array`,
 * `label-order`, and those of `createConnectome`.
 * @example readConnectome(await readFile("C_Macaque.npy"), { name: "C_Macaque.npy", labels })
 */
export function readConnectome(bytes: Uint8Array, options: ReadConnectomeOptions): Connectome {
  const { name, labels, types, positions, source, directed } = options;
  const { weights, labels: fileLabels } = readWeights(bytes, options);
  if (labels && fileLabels) checkLabelOrder(labels, fileLabels, name);
  return createConnectome({
    name: name.replace(/^.*[/\\]/, "").replace(/(?<=.)\.(npy|npz|csv|tsv|txt|edges|edgelist|el)$/i, ""),
    weights,
    labels: labels ?? fileLabels,
    types,
    positions,
    source,
    directed,
  });
}

// Implementation

interface FileWeights {
  /** `w[post, pre]`. */
  weights: SparseMatrix;
  labels?: string[];
}

function readWeights(bytes: Uint8Array, options: ReadConnectomeOptions): FileWeights {
  const { name, format = guessFormat(bytes, name), orientation = "pre-post" } = options;
  if (orientation !== "pre-post" && orientation !== "post-pre") {
    const what = `unknown orientation "${orientation}"`;
    throw new CajalError(what, {
      code: "unknown-orientation",
      where: name,
      hint: suggest(orientation, ["pre-post", "post-pre"]),
    });
  }
  if (format === "npy")
    return { weights: oriented(squareOf(readNpy(bytes, { name }), options), orientation) };
  if (format === "npz") {
    const array = options.array ?? chooseArray(bytes, options);
    return { weights: oriented(squareOf(readNpz(bytes, array, options), options), orientation) };
  }
  if (format !== "text" && !CONNECTOME_FORMATS.includes(format)) {
    const hint = suggest(format, CONNECTOME_FORMATS);
    throw new CajalError(`unknown format "${format}"`, { code: "unknown-format", where: name, hint });
  }
  const separator: Separator | undefined = options.separator ?? (format === "tsv" ? "\t" : undefined);
  const { rows } = splitRows(decodeText(bytes, name), { name, separator });
  const kind = format === "text" ? guessTextFormat(rows) : format;
  if (kind === "edge-list") {
    const { weights, labels } = edgesFromRows(rows, options);
    return { weights: orientation === "pre-post" ? weights : transpose(weights), labels };
  }
  const { matrix, labels } = matrixFromRows(rows, options);
  return { weights: oriented(matrix, orientation), ...(labels && { labels }) };
}

function oriented(matrix: DenseMatrix, orientation: Orientation): SparseMatrix {
  const sparse = toSparse(matrix);
  return orientation === "pre-post" ? transpose(sparse) : sparse;
}

function squareOf({ shape, values }: NumberArray, options: ReadConnectomeOptions): DenseMatrix {
  if (shape.length !== 2 || shape[0] !== shape[1]) {
    const hint =
      shape.length === 3
        ? "Save one matrix of the stack, e.g. of one subject: numpy.save(path, stack[..., 0])."
        : "A connectome is a matrix with one row and one column per node.";
    const what = `the array has shape (${shape.join(", ")}), not (unit, unit)`;
    throw new CajalError(what, { code: "not-square", where: options.name, hint });
  }
  const matrix = dense(shape[0], shape[0], values);
  if (options.diagonal === "zero") {
    for (let i = 0; i < matrix.rows; i++) matrix.values[i * matrix.rows + i] = 0;
  }
  return matrix;
}

/** The only square matrix of an archive, judged by headers. */
function chooseArray(bytes: Uint8Array, options: ReadConnectomeOptions): string {
  const { name } = options;
  const names = listNpz(bytes, { name });
  if (["indptr", "indices", "data"].every((part) => names.includes(part))) {
    throw new CajalError("is a SciPy sparse matrix", {
      code: "npz-scipy-sparse",
      where: name,
      hint: "Save it dense: numpy.save(path, scipy.sparse.load_npz(path).toarray()).",
    });
  }
  const square = names.filter((array) => {
    try {
      const { shape } = readNpyHeader(readNpzBytes(bytes, array, options), name);
      return shape.length === 2 && shape[0] === shape[1];
    } catch (error) {
      // An array of another kind (objects, tables) may stand beside the matrix; damage to the file may not.
      if (error instanceof CajalError && error.code.startsWith("npy-")) return false;
      throw error;
    }
  });
  if (square.length === 1) return square[0];
  throw new CajalError(`holds ${square.length} square matrices`, {
    code: "npz-choose-array",
    where: name,
    hint: `Pass array, one of: ${names.slice(0, 20).join(", ")}.`,
  });
}

/** Labels given beside the file rename its nodes; the same names in another order would mix them up. */
function checkLabelOrder(given: readonly string[], inFile: readonly string[], name: string): void {
  if (given.length !== inFile.length) return;
  const known = new Set(given);
  const at = given.findIndex((label, i) => label !== inFile[i]);
  if (at < 0 || !inFile.every((label) => known.has(label))) return;
  throw new CajalError(
    `label ${at + 1} is "${given[at]}" in the labels given but "${inFile[at]}" in the file`,
    {
      code: "label-order",
      where: name,
      hint: "Leave labels out, or give them in the order of the file.",
    },
  );
}
