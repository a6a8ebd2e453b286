/**
 * @file An aligned table without a box around every cell.
 */

import Table from "cli-table3";
import pc from "picocolors";

/** A column of a table. */
export interface Column {
  head: string;
  /** Default left. */
  align?: "left" | "right";
}

/**
 * Lines of a table, without a line break at the end; each line starts with `indent` blanks. A head may have several lines.
 *
 * @param options.gap - Blanks between columns.
 */
export function formatTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  { indent = 2, gap = 3 } = {},
): string {
  const table = new Table({
    head: columns.map(({ head }) => head.split("\n").map(pc.dim).join("\n")),
    colAligns: columns.map(({ align = "left" }) => align),
    style: { head: [], border: [], "padding-left": 0, "padding-right": gap },
    chars: BARE,
  });
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split("\n")
    .map((line) => (" ".repeat(indent) + line).trimEnd())
    .join("\n");
}

/** No borders at all. */
const BARE = Object.fromEntries(
  [
    "top",
    "top-mid",
    "top-left",
    "top-right",
    "bottom",
    "bottom-mid",
    "bottom-left",
    "bottom-right",
    "left",
    "left-mid",
    "mid",
    "mid-mid",
    "right",
    "right-mid",
    "middle",
  ].map((part) => [part, ""]),
);
