/**
 * @file What a user asks to compare: a run directory, or a part of one, `DIR:topology=random`, or all its parts,
 * `DIR:topology`.
 */

/** One condition on a factor. */
export interface FactorChoice {
  /** Column of the metrics, or the path of the factor. */
  factor: string;
  /** As typed; undefined: a group for each value. */
  value?: string;
}

/** A run directory and conditions on what of it counts. */
export interface GroupChoice {
  folder: string;
  where: readonly FactorChoice[];
}

/**
 * Read one argument. The colon is the first one behind which no folder can follow, so that `C:\runs\a` is a folder.
 *
 * @example parseGroupChoice("runs/bio-1:topology=random,learningRate=1e-3")
 */
export function parseGroupChoice(text: string): GroupChoice {
  const found = /^(.+?):([^/\\:=]+(?:=.*)?)$/.exec(text);
  if (!found) return { folder: text, where: [] };
  const [, folder, conditions] = found;
  // A comma within a value, as in [1,2], is no separator.
  const where = conditions.split(/,(?=\s*[A-Za-z][\w.>-]*\s*(?:=|,|$))/).map((condition) => {
    const at = condition.indexOf("=");
    if (at < 0) return { factor: condition.trim() };
    return { factor: condition.slice(0, at).trim(), value: condition.slice(at + 1).trim() };
  });
  return { folder, where };
}
