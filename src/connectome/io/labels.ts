/**
 * @file Node labels from a file: text with one label on each line, or a pickled list of strings.
 */

import { CajalError } from "../../core/index.ts";
import { isPickle, readPickledLabels } from "./pickled-labels.ts";
import { decodeText } from "./text.ts";

/**
 * Read labels. Blank lines at the end are left out.
 *
 * @param source - Text, or the bytes of a text file or of a pickle.
 * @param options.name - Name of the file, for error messages.
 * @returns Shape `(unit)`, unique.
 * @throws CajalError `labels-blank`, `duplicate-label`, `not-text`, `pickle-unsupported`, `pickle-truncated`.
 */
export function readLabels(
  source: string | Uint8Array,
  { name = "labels" }: { name?: string } = {},
): string[] {
  if (typeof source !== "string" && isPickle(source)) return unique(readPickledLabels(source, name), name);
  const text = typeof source === "string" ? source : decodeText(source, name);
  const lines = text.split(/\r\n|\n|\r/).map((line) => line.trim());
  while (lines.length > 0 && lines[lines.length - 1] === "") lines.pop();
  const blank = lines.indexOf("");
  if (blank >= 0 || lines.length === 0) {
    throw new CajalError(blank >= 0 ? "a line is blank" : "the file holds no labels", {
      code: "labels-blank",
      where: blank >= 0 ? `${name}:${blank + 1}` : name,
      hint: "Write one label on each line, in the order of the rows.",
    });
  }
  return unique(lines, name);
}

// Implementation

function unique(labels: string[], name: string): string[] {
  const first = new Map<string, number>();
  labels.forEach((label, i) => {
    const before = first.get(label);
    if (before !== undefined) {
      throw new CajalError(`label "${label}" was given on line ${before + 1} already`, {
        code: "duplicate-label",
        where: `${name}:${i + 1}`,
        hint: "Labels must be unique; add a suffix such as a hemisphere.",
      });
    }
    first.set(label, i);
  });
  return labels;
}
