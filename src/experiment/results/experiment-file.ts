/**
 * @file The experiment as resolved, as YAML: with the defaults of its fields, file names relative to where it lies, so that it
 * runs again from there.
 */

import { isAbsolute, relative, resolve } from "node:path";
import { Document, isPair, isScalar, parse, visit } from "yaml";
import { CajalError } from "../../core/index.ts";
import { type AnyExperiment, kindOf, SCHEMAS } from "../spec/experiment-kind.ts";
import { mapFilePaths } from "../spec/file-paths.ts";

/** YAML text of an experiment for a file in `folder`. */
export function experimentYaml(
  experiment: AnyExperiment,
  { folder, version }: { folder: string; version: string },
): string {
  const moved = mapFiles(experiment, (path) => (isAbsolute(path) ? relative(folder, path) || "." : path));
  const head = `# As resolved by Cajal ${version}, with the defaults of its fields. Run it again with: cajal run experiment.yaml\n`;
  const document = new Document(moved);
  visit(document, {
    Collection(_, node) {
      // Short things on one line, as people write them.
      if (node.items.length <= 8 && node.items.every(isShort)) node.flow = true;
    },
  });
  return head + document.toString({ lineWidth: 110 });
}

/** The experiment of text made by {@link experimentYaml} that lies in `folder`, its file names absolute again. */
export function readExperimentYaml(text: string, { folder }: { folder: string }): AnyExperiment {
  const data: unknown = parse(text);
  const parsed = SCHEMAS[kindOf(data)].safeParse(data);
  if (!parsed.success) {
    throw new CajalError("experiment.yaml of the run cannot be read", {
      code: "damaged-run",
      where: folder,
      hint: "It was written by another version of Cajal, or changed. Start afresh with another --out.",
    });
  }
  return mapFiles(parsed.data, (path) => resolve(folder, path));
}

/** The experiment with every file name passed through `change`. */
export function mapFiles<E extends AnyExperiment>(experiment: E, change: (path: string) => string): E {
  return mapFilePaths(experiment, change);
}

/** A plain value on one line, or a key with one. */
function isShort(item: unknown): boolean {
  const node = isPair(item) ? item.value : item;
  return isScalar(node) && String(node.value).length <= 40 && !String(node.value).includes("\n");
}
