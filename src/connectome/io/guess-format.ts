/**
 * @file What kind of file some bytes are: by their first bytes, by the name, by the look of the rows.
 */

import { cellKind, type TextRow } from "./delimited.ts";
import { looksLikeEdgeHeader } from "./edge-list.ts";
import { isNpy } from "./npy-header.ts";
import { isZip } from "./zip.ts";

/** File formats of connectomes. */
export type ConnectomeFormat = "npy" | "npz" | "csv" | "tsv" | "edge-list";

/** Formats, for schemas and messages. */
export const CONNECTOME_FORMATS: readonly ConnectomeFormat[] = ["npy", "npz", "csv", "tsv", "edge-list"];

/** `"text"` when the rows have to be looked at, see {@link guessTextFormat}. */
export function guessFormat(bytes: Uint8Array, name: string): ConnectomeFormat | "text" {
  if (isNpy(bytes)) return "npy";
  if (isZip(bytes)) return "npz";
  const extension = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  // A file that says it is NumPy's but does not start so is damaged; the reader will say that.
  if (extension === "npy" || extension === "npz") return extension;
  return ["edges", "edgelist", "el"].includes(extension) ? "edge-list" : "text";
}

/**
 * Matrix or edge list. Rows of two or three cells are edges unless they make a square of numbers (with or without
 * labels).
 */
export function guessTextFormat(rows: readonly TextRow[]): "csv" | "edge-list" {
  const width = rows[0].cells.length;
  if (looksLikeEdgeHeader(rows[0])) return "edge-list";
  if (width < 2 || width > 3) return "csv";
  // A first row may name the columns of either; below it, a name in the second cell can only be a target.
  const body = rows.length > 1 ? rows.slice(1) : rows;
  if (body.some(({ cells }) => cellKind(cells[1] ?? "") === "text")) return "edge-list";
  if (rows.length === width) return "csv";
  const hasText = (texts: string[]) => texts.some((cell) => cellKind(cell) === "text");
  if (rows.length === width + 1 && hasText(rows[0].cells)) return "csv";
  return rows.length === width - 1 && hasText(rows.map(({ cells }) => cells[0])) ? "csv" : "edge-list";
}
