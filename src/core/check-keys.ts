/**
 * @file Misspelt options: JavaScript ignores a key that nobody reads, so whoever takes options says which there are.
 */

import { CajalError } from "./errors.ts";
import { nearest, suggest } from "./nearest.ts";

/** The keys of some options, all of them: a key that is added to the type is missed here by the compiler. */
export type KeysOf<T> = Readonly<Record<keyof T & string, true>>;

/**
 * Refuse keys that are not known; those whose value is undefined do not count.
 *
 * @param known - The keys there are.
 * @param options.where - Whose options they are, e.g. `train`, `train, clip`.
 * @param options.below - Keys one level down, by the option that has them: a key in the wrong place is sent there.
 * @throws CajalError `unknown-option`.
 */
export function checkKeys(
  given: object,
  known: readonly string[],
  { where, below = {} }: { where: string; below?: Readonly<Record<string, readonly string[]>> },
): void {
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined || known.includes(key)) continue;
    throw new CajalError(`there is no option "${key}"`, {
      code: "unknown-option",
      where,
      hint: placeBelow(key, known, below) ?? suggest(key, known),
    });
  }
}

// Implementation

function placeBelow(
  key: string,
  known: readonly string[],
  below: Readonly<Record<string, readonly string[]>>,
): string | undefined {
  if (nearest(key, known) !== undefined) return undefined;
  for (const [option, keys] of Object.entries(below)) {
    const near = nearest(key, keys);
    if (near !== undefined) return `Did you mean ${option}: { ${near} }?`;
  }
  return undefined;
}
