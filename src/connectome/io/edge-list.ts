/**
 * @file A list of edges as delimited text: source, target and, if there is one, weight. Nodes are labels or numbers.
 */

import { CajalError, plural, type SparseMatrix, sparseFromEntries, suggest } from "../../core/index.ts";
import { suggestLabel } from "../suggest-label.ts";
import { cellKind, parseNumber, type Separator, shown, splitRows, type TextRow } from "./delimited.ts";

/** How an edge list is written. */
export interface EdgeListOptions {
  /** Name of the file, for error messages. */
  name?: string;
  separator?: Separator;
  /** Whether the first row names the columns; default: when it uses the usual names (source, target, weight …). */
  header?: boolean;
  /** Names of the columns to use, when the first row names others than the usual. */
  columns?: { source: string; target: string; weight?: string };
  /** An edge listed twice is an error, or its weights are added. Default `"error"`. */
  duplicates?: "error" | "sum";
  /** False when each line stands for both directions. Default true. */
  directed?: boolean;
  /** The nodes, in order, also those without edges; default: those that occur. */
  labels?: readonly string[];
  /** Number of the first node, when nodes are numbers that count along `labels`. */
  indexBase?: 0 | 1;
}

/** Edges `w[post, pre]`: rows are targets. */
export interface LabelledEdges {
  /** Shape `(post, pre)`. */
  weights: SparseMatrix;
  labels: string[];
}

const WEIGHT_HINT = "Give every edge a finite weight; leave out edges that are not there.";

/** Column names recognised, in lower case without spaces, dashes and underscores. */
const USUAL_NAMES = {
  source: ["source", "src", "from", "pre", "presynaptic", "sourceid", "sourcenodeid", "prept", "presyn"],
  target: [
    "target",
    "tgt",
    "dst",
    "to",
    "post",
    "postsynaptic",
    "targetid",
    "targetnodeid",
    "postpt",
    "postsyn",
  ],
  weight: ["weight", "w", "value", "strength", "count", "syncount", "synapses", "fln", "number"],
};

/**
 * Read an edge list. Nodes come in the order of `labels`; without it, numbers ascending, names as they first occur.
 * A weight of 0 makes no edge, but the nodes exist.
 *
 * @throws CajalError `csv-empty`, `csv-quote`, `csv-ragged`, `csv-not-a-number`, `csv-decimal-comma`, `nan-weights`,
 * `edge-list-columns`, `edge-list-blank-node`, `edge-list-duplicate`, `edge-list-index-base`, `unknown-label`.
 */
export function readEdgeList(text: string, options: EdgeListOptions = {}): LabelledEdges {
  const { name = "edge list", separator } = options;
  const { rows } = splitRows(text, { name, separator });
  return edgesFromRows(rows, { ...options, name });
}

/** The second half of {@link readEdgeList}, for rows that are split already. */
export function edgesFromRows(rows: TextRow[], options: EdgeListOptions & { name: string }): LabelledEdges {
  const { name, directed = true } = options;
  const { header, source, target, weight } = findColumns(rows, options);
  const body = header ? rows.slice(1) : rows;
  const ends = body.map((row) => [endOf(row, source, name), endOf(row, target, name)] as const);
  const { labels, indexOf } = numberNodes(ends, options);
  const post: number[] = [];
  const pre: number[] = [];
  const values: number[] = [];
  const add = (from: number, to: number, value: number) => {
    pre.push(from);
    post.push(to);
    values.push(value);
  };
  const seen = new Map<number, number>();
  body.forEach((row, k) => {
    const from = indexOf(ends[k][0], row, source);
    const to = indexOf(ends[k][1], row, target);
    const value =
      weight === undefined
        ? 1
        : parseNumber(row.cells[weight], { name, row, cell: weight, hint: WEIGHT_HINT });
    const key = directed
      ? from * labels.length + to
      : Math.min(from, to) * labels.length + Math.max(from, to);
    const before = seen.get(key);
    if (before === undefined) seen.set(key, row.line);
    else if (options.duplicates !== "sum") throw duplicate(row, before, ends[k], options);
    add(from, to, value);
    if (!directed && from !== to) add(to, from, value);
  });
  const shape = { rows: labels.length, columns: labels.length };
  return { weights: sparseFromEntries(shape, { post, pre, values }), labels };
}

/** Whether the first row names the columns of an edge list. */
export function looksLikeEdgeHeader(row: TextRow): boolean {
  return usualColumn(row, "source") >= 0 && usualColumn(row, "target") >= 0;
}

// Implementation

interface Columns {
  header: boolean;
  source: number;
  target: number;
  weight: number | undefined;
}

function findColumns(rows: TextRow[], options: EdgeListOptions & { name: string }): Columns {
  const { name, columns } = options;
  const header = options.header ?? (columns !== undefined || looksLikeEdgeHeader(rows[0]));
  const width = rows[0].cells.length;
  for (const row of rows) {
    if (row.cells.length === width) continue;
    throw new CajalError(`the row has ${plural(row.cells.length, "cell")}, the first row has ${width}`, {
      code: "csv-ragged",
      where: `${name}:${row.line}:${row.columns[Math.min(width, row.cells.length - 1)]}`,
      hint: "Give every row source, target and, if there are weights, weight.",
    });
  }
  if (columns) {
    const find = (column: string) => columnNamed(column, rows[0], name);
    const weight = columns.weight === undefined ? undefined : find(columns.weight);
    return { header, source: find(columns.source), target: find(columns.target), weight };
  }
  if (header && looksLikeEdgeHeader(rows[0])) {
    const weight = usualColumn(rows[0], "weight");
    const [source, target] = [usualColumn(rows[0], "source"), usualColumn(rows[0], "target")];
    if (weight >= 0 || width === 2)
      return { header, source, target, weight: weight < 0 ? undefined : weight };
    throw columnsError(rows[0], name, "no column is called weight");
  }
  if (width < 2 || width > 3)
    throw columnsError(rows[0], name, `the rows have ${plural(width, "cell")}, not 2 or 3`);
  if (!header && width === 3 && cellKind(rows[0].cells[2]) === "text") {
    throw new CajalError(`the weight is "${shown(rows[0].cells[2])}", not a number`, {
      code: "csv-not-a-number",
      where: `${name}:${rows[0].line}:${rows[0].columns[2]}`,
      hint: "If the first row names the columns, pass header: true or call them source, target, weight.",
    });
  }
  return { header, source: 0, target: 1, weight: width === 3 ? 2 : undefined };
}

function columnsError(row: TextRow, name: string, what: string): CajalError {
  return new CajalError(what, {
    code: "edge-list-columns",
    where: `${name}:${row.line}:1`,
    hint: 'Name them: columns: { source: "…", target: "…", weight: "…" }.',
  });
}

function columnNamed(column: string, row: TextRow, name: string): number {
  const at = row.cells.indexOf(column);
  if (at >= 0) return at;
  throw new CajalError(`there is no column "${column}"`, {
    code: "edge-list-columns",
    where: `${name}:${row.line}:1`,
    hint: suggest(column, row.cells.map(shown)),
  });
}

function usualColumn(row: TextRow, role: keyof typeof USUAL_NAMES): number {
  return row.cells.findIndex((cell) => USUAL_NAMES[role].includes(cell.toLowerCase().replace(/[ _-]/g, "")));
}

function endOf(row: TextRow, cell: number, name: string): string {
  const text = row.cells[cell];
  if (text !== "") return text;
  throw new CajalError("a node has no name", {
    code: "edge-list-blank-node",
    where: `${name}:${row.line}:${row.columns[cell]}`,
    hint: "Give both ends of every edge.",
  });
}

interface Numbering {
  labels: string[];
  indexOf(end: string, row: TextRow, cell: number): number;
}

type Ends = readonly (readonly [string, string])[];

function numberNodes(ends: Ends, options: EdgeListOptions & { name: string }): Numbering {
  const { labels: given, name } = options;
  if (given) return numberAlong(given, ends, options);
  const names = [...new Set(ends.flat())];
  if (names.every((text) => /^\d{1,15}$/.test(text))) names.sort((a, b) => Number(a) - Number(b));
  const index = new Map(names.map((label, i) => [label, i]));
  return {
    labels: names,
    indexOf: (end, row, cell) => index.get(end) ?? unknown(end, names, { row, cell, name }),
  };
}

/** Ends are labels of the list given or, when none of them is, numbers that count along it. */
function numberAlong(
  given: readonly string[],
  ends: Ends,
  { name, indexBase }: EdgeListOptions & { name: string },
): Numbering {
  const labels = [...given];
  const index = new Map(labels.map((label, i) => [label, i]));
  const flat = ends.flat();
  const numbers = flat.every((end) => /^\d{1,15}$/.test(end)) ? flat.map(Number) : undefined;
  if (!numbers || (indexBase === undefined && flat.every((end) => index.has(end)))) {
    return {
      labels,
      indexOf: (end, row, cell) => index.get(end) ?? unknown(end, labels, { row, cell, name }),
    };
  }
  const base = indexBase ?? baseOf(numbers, labels.length, name);
  return {
    labels,
    indexOf(end, row, cell) {
      const i = Number(end) - base;
      if (i >= 0 && i < labels.length) return i;
      throw new CajalError(`node ${end} is not one of ${base} … ${labels.length - 1 + base}`, {
        code: "unknown-label",
        where: `${name}:${row.line}:${row.columns[cell]}`,
        hint: `${labels.length === 1 ? "1 label is" : `${labels.length} labels are`} given; numbers start at ${base}.`,
      });
    },
  };
}

/** Numbers that reach 0 start there; numbers that reach the count of labels start at 1; else nobody can tell. */
function baseOf(numbers: number[], size: number, name: string): 0 | 1 {
  if (numbers.includes(0)) return 0;
  if (numbers.includes(size)) return 1;
  throw new CajalError("nodes are numbers, and it cannot be told whether the first is 0 or 1", {
    code: "edge-list-index-base",
    where: name,
    hint: "Pass indexBase: 0 or indexBase: 1.",
  });
}

function unknown(end: string, labels: string[], at: { row: TextRow; cell: number; name: string }): never {
  throw new CajalError(`unknown node "${shown(end)}"`, {
    code: "unknown-label",
    where: `${at.name}:${at.row.line}:${at.row.columns[at.cell]}`,
    hint: suggestLabel(end, labels),
  });
}

function duplicate(
  row: TextRow,
  before: number,
  [source, target]: readonly [string, string],
  { name, directed = true }: EdgeListOptions & { name: string },
): CajalError {
  const other = directed ? "" : "; if both directions are listed, pass directed: true";
  return new CajalError(`the edge ${shown(source)} → ${shown(target)} was listed on line ${before} already`, {
    code: "edge-list-duplicate",
    where: `${name}:${row.line}:${row.columns[0]}`,
    hint: `Remove one, or pass duplicates: "sum" to add their weights${other}.`,
  });
}
