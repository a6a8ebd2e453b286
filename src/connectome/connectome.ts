/**
 * @file The connectome: a weighted directed graph of regions or cells with labels, positions and types.
 * Data, not yet a network. An immutable value; transforms return new ones.
 */

import { CajalError, type Matrix, plural, type SparseMatrix, toSparse, transpose } from "../core/index.ts";

/** Where the numbers come from, shown in reports. */
export interface ConnectomeSource {
  readonly citation?: string;
  readonly note?: string;
}

/** A weighted directed graph. An edge is a non-zero weight; no zero is stored. */
export interface Connectome {
  readonly kind: "connectome";
  readonly name: string;
  /** `w[post, pre]`, shape `(post, pre)`, square; the diagonal (self-loops) is kept. */
  readonly weights: SparseMatrix;
  /** Name of each unit, shape `(unit)`, unique. */
  readonly labels: readonly string[];
  /** Shape `(unit, 3)`, row-major [mm]. */
  readonly positions?: Float64Array;
  /** Node type of each unit, shape `(unit)`, e.g. `sensory`. */
  readonly types?: readonly string[];
  /** Further facts on each unit, by name, shape `(unit)` each, e.g. `transmitter`. */
  readonly attributes?: Readonly<Record<string, readonly string[]>>;
  /** False when the weights are symmetric and stand for undirected links. */
  readonly directed: boolean;
  readonly source?: ConnectomeSource;
}

/** What {@link createConnectome} is given. */
export interface ConnectomeParts {
  name: string;
  /** `w[post, pre]`, shape `(post, pre)`, square, finite; zeros mean no edge. */
  weights: Matrix;
  /** Shape `(unit)`, unique; default `"0"`, `"1"`, … */
  labels?: readonly string[];
  /** Shape `(unit, 3)` [mm]. */
  positions?: ArrayLike<number>;
  /** Shape `(unit)`. */
  types?: readonly string[];
  /** Shape `(unit)` each. */
  attributes?: Readonly<Record<string, readonly string[]>>;
  /** Default: whether the weights are asymmetric (by more than 1e-12 relative). */
  directed?: boolean;
  source?: ConnectomeSource;
}

/** Relative difference of w[i, j] and w[j, i] under which they count as equal. */
const SYMMETRY_TOLERANCE = 1e-12;

/**
 * A checked, frozen connectome. The arrays given are copied.
 *
 * @throws CajalError `not-square`, `no-nodes`, `nan-weights`, `label-count`, `duplicate-label`, `type-count`, `attribute-count`, `position-count`,
 * `nan-positions`, `not-symmetric`, `bad-sparse-matrix`.
 * @example createConnectome({ name: "pair", weights: denseFromRows([[0, 1], [0, 0]]), labels: ["post", "pre"] })
 */
export function createConnectome(parts: ConnectomeParts): Connectome {
  const { name, source } = parts;
  const fail = failureIn(name);
  const { rows: size, columns } = parts.weights;
  if (size !== columns) {
    throw fail(
      `weights must be square, got ${size} × ${columns}`,
      "not-square",
      "Give one row and one column per node.",
    );
  }
  if (size === 0) throw fail("there are no nodes", "no-nodes", "Give at least one node.");
  if (parts.weights.kind === "sparse") checkStructure(parts.weights, fail);
  const labels = checkLabels(parts.labels ?? Array.from({ length: size }, (_, i) => String(i)), size, fail);
  checkFinite(parts.weights, labels, fail);
  if (parts.types && parts.types.length !== size) {
    const hint = "Give one type per node, in the order of the labels.";
    throw fail(`${plural(parts.types.length, "type")} for ${plural(size, "node")}`, "type-count", hint);
  }
  const weights = withoutZeros(toSparse(parts.weights));
  const symmetric = isSymmetric(weights);
  if (parts.directed === false && !symmetric) {
    const hint = "Leave out directed: false, or symmetrize the connectome first.";
    throw fail("weights are not symmetric, but directed is false", "not-symmetric", hint);
  }
  return Object.freeze({
    kind: "connectome",
    name,
    weights: Object.freeze(weights),
    labels: Object.freeze([...labels]),
    ...(parts.positions && { positions: checkPositions(parts.positions, size, fail) }),
    ...(parts.types && { types: Object.freeze([...parts.types]) }),
    ...(parts.attributes && { attributes: checkAttributes(parts.attributes, size, fail) }),
    directed: parts.directed ?? !symmetric,
    ...(source && { source: Object.freeze({ ...source }) }),
  });
}

/**
 * The same nodes with other weights. A directed connectome stays directed; an undirected one becomes directed when
 * the new weights are not symmetric.
 *
 * @param weights - `w[post, pre]`, same shape as before.
 */
export function withWeights(connectome: Connectome, weights: Matrix): Connectome {
  const { directed, ...rest } = connectome;
  return createConnectome({ ...rest, weights, ...(directed && { directed }) });
}

/** Whether w[i, j] and w[j, i] agree within 1e-12 of the larger for all i, j. */
export function isSymmetric(w: SparseMatrix): boolean {
  if (w.rows !== w.columns) return false;
  const t = transpose(w);
  for (let i = 0; i <= w.rows; i++) if (w.rowStart[i] !== t.rowStart[i]) return false;
  for (let k = 0; k < w.values.length; k++) {
    if (w.column[k] !== t.column[k]) return false;
    const a = w.values[k];
    const b = t.values[k];
    if (Math.abs(a - b) > SYMMETRY_TOLERANCE * Math.max(Math.abs(a), Math.abs(b))) return false;
  }
  return true;
}

// Implementation

type Failure = (what: string, code: string, hint: string) => CajalError;

function failureIn(name: string): Failure {
  return (what, code, hint) => new CajalError(what, { code, where: `connectome "${name}"`, hint });
}

/** A sparse matrix made by hand may be malformed; every later loop relies on its order. */
function checkStructure(m: SparseMatrix, fail: Failure): void {
  const { rows, columns, rowStart, column, values } = m;
  let sound = rowStart.length === rows + 1 && rowStart[0] === 0 && rowStart[rows] === values.length;
  sound &&= column.length === values.length;
  for (let i = 0; sound && i < rows; i++) {
    sound = rowStart[i] <= rowStart[i + 1] && rowStart[i + 1] <= values.length;
    let last = -1;
    for (let k = rowStart[i]; sound && k < rowStart[i + 1]; k++) {
      sound = column[k] > last && column[k] < columns;
      last = column[k];
    }
  }
  if (!sound) {
    const hint = "Make it with sparseFromEntries or toSparse; columns must ascend within a row.";
    throw fail("the sparse weights are malformed", "bad-sparse-matrix", hint);
  }
}

function checkLabels(labels: readonly string[], size: number, fail: Failure): readonly string[] {
  if (labels.length !== size) {
    const hint = "Give one label per node, in the order of the rows.";
    throw fail(`${plural(labels.length, "label")} for ${plural(size, "node")}`, "label-count", hint);
  }
  const first = new Map<string, number>();
  for (let i = 0; i < size; i++) {
    const before = first.get(labels[i]);
    if (before !== undefined) {
      const what = `label "${labels[i]}" names nodes ${before} and ${i}`;
      throw fail(what, "duplicate-label", "Labels must be unique; add a suffix such as a hemisphere.");
    }
    first.set(labels[i], i);
  }
  return labels;
}

function checkFinite(m: Matrix, labels: readonly string[], fail: Failure): void {
  let bad = 0;
  let firstBad = -1;
  for (let k = 0; k < m.values.length; k++) {
    if (Number.isFinite(m.values[k])) continue;
    if (bad++ === 0) firstBad = k;
  }
  if (bad === 0) return;
  const { post, pre } = m.kind === "dense" ? densePlace(m.columns, firstBad) : sparsePlace(m, firstBad);
  const more = bad > 1 ? ` (${bad} such weights in all)` : "";
  const what = `weight from "${labels[pre]}" (pre) to "${labels[post]}" (post) is ${m.values[firstBad]}${more}`;
  const hint =
    post === pre
      ? 'Put 0 where there is no edge; a reader drops such a diagonal with diagonal: "zero".'
      : "Put 0 where there is no edge.";
  throw fail(what, "nan-weights", hint);
}

function densePlace(columns: number, k: number): { post: number; pre: number } {
  return { post: Math.floor(k / columns), pre: k % columns };
}

function sparsePlace(m: SparseMatrix, k: number): { post: number; pre: number } {
  let post = 0;
  while (m.rowStart[post + 1] <= k) post++;
  return { post, pre: m.column[k] };
}

function checkPositions(positions: ArrayLike<number>, size: number, fail: Failure): Float64Array {
  if (positions.length !== 3 * size) {
    const hint = "Give x, y, z [mm] for each node, one after another.";
    throw fail(
      `${plural(positions.length, "coordinate")} for ${plural(size, "node")}`,
      "position-count",
      hint,
    );
  }
  const out = Float64Array.from(positions);
  const bad = out.findIndex((x) => !Number.isFinite(x));
  if (bad >= 0) {
    const what = `coordinate ${"xyz"[bad % 3]} of node ${Math.floor(bad / 3)} is ${out[bad]}`;
    throw fail(what, "nan-positions", "Leave positions out when some are unknown.");
  }
  return out;
}

function checkAttributes(
  attributes: Readonly<Record<string, readonly string[]>>,
  size: number,
  fail: Failure,
): Readonly<Record<string, readonly string[]>> {
  const copy = Object.entries(attributes).map(([name, values]) => {
    if (values.length === size) return [name, Object.freeze([...values])] as const;
    const hint = "Give one value per node, in the order of the labels.";
    throw fail(
      `attribute "${name}" has ${plural(values.length, "value")} for ${plural(size, "node")}`,
      "attribute-count",
      hint,
    );
  });
  return Object.freeze(Object.fromEntries(copy));
}

/** A copy without stored zeros, which would count as edges. */
function withoutZeros(m: SparseMatrix): SparseMatrix {
  const rowStart = new Int32Array(m.rows + 1);
  const column = new Int32Array(m.values.length);
  const values = new Float64Array(m.values.length);
  let at = 0;
  for (let i = 0; i < m.rows; i++) {
    for (let k = m.rowStart[i]; k < m.rowStart[i + 1]; k++) {
      if (m.values[k] === 0) continue;
      column[at] = m.column[k];
      values[at++] = m.values[k];
    }
    rowStart[i + 1] = at;
  }
  const { rows, columns } = m;
  return {
    kind: "sparse",
    rows,
    columns,
    rowStart,
    column: column.slice(0, at),
    values: values.slice(0, at),
  };
}
