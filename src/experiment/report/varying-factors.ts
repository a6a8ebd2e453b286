/**
 * @file The factors of a sweep that tell its cells apart, as columns of a table.
 */

import { formatExact } from "../../plot/index.ts";
import type { FactorValue } from "../spec/factors.ts";
import { factorWords } from "./names.ts";
import { meaningful } from "./training/training-numbers.ts";

/** Columns of factors. */
export interface VaryingFactors {
  /** One for each factor that has more than one value: `learning rate`; with the part before where two are alike. */
  heads: string[];
  /** Values of one cell, in the order of the heads. */
  values(factors: Readonly<Record<string, FactorValue>>): string[];
}

/**
 * Factors that differ between cells, in the order of the file.
 *
 * @param cells - Values by path, of each cell.
 */
export function varyingFactors(cells: readonly Readonly<Record<string, FactorValue>>[]): VaryingFactors {
  const paths = [...new Set(cells.flatMap((factors) => Object.keys(factors)))].filter(
    (path) => new Set(cells.map((factors) => factors[path])).size > 1,
  );
  const short = paths.map((path) => factorWords(meaningful(path)));
  return {
    heads: short.map((head, k) =>
      short.indexOf(head) === short.lastIndexOf(head) ? head : longHead(paths[k]),
    ),
    values: (factors) => paths.map((path) => formatExact(factors[path] ?? "–")),
  };
}

// Implementation

/** `task noise`. */
function longHead(path: string): string {
  const [before, last] = meaningful(path).split(".").slice(-2);
  return last === undefined ? factorWords(before) : `${factorWords(before)} ${factorWords(last)}`;
}
