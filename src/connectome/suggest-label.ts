/**
 * @file "Did you mean" for node labels and types, short even when a connectome has thousands of them.
 */

import { nearest, suggest } from "../core/index.ts";

/** More names than this are counted, not listed. */
const LISTED = 20;

/** A sentence for an error's hint: the nearest name, and the names there are. */
export function suggestLabel(name: string, known: readonly string[]): string {
  if (known.length <= LISTED) return suggest(name, known);
  const near = nearest(name, known);
  const some = `There are ${known.length}: ${known.slice(0, 3).join(", ")}, … ${known[known.length - 1]}.`;
  return near === undefined ? some : `Did you mean "${near}"? ${some}`;
}
