/**
 * @file Check a choice of nodes against a connectome and point at the very name that is wrong.
 */

import type { Connectome } from "../../connectome/index.ts";
import type { NodeChoice } from "../spec/node-choice-schema.ts";
import type { Path } from "../spec/path.ts";
import { named, type Problem } from "../spec/problem.ts";

/**
 * Problems of `choice`, which stands at `path` of the experiment.
 *
 * @param options.inputAllowed - Whether `input` means something here.
 */
export function checkNodes(
  choice: NodeChoice,
  path: Path,
  connectome: Connectome,
  { inputAllowed }: { inputAllowed: boolean },
): Problem[] {
  const inner = (part: NodeChoice, key: Path) =>
    checkNodes(part, [...path, ...key], connectome, { inputAllowed });
  if (choice === "all") return [];
  if (choice === "input") {
    if (inputAllowed) return [];
    const hint = "`input` stands for network.input.nodes and can be used in network.output.nodes.";
    return [
      {
        code: "input-of-input",
        path,
        on: "value",
        what: "the input nodes cannot be defined by themselves",
        hint,
      },
    ];
  }
  if ("not" in choice) return inner(choice.not, ["not"]);
  if ("and" in choice) return choice.and.flatMap((part, i) => inner(part, ["and", i]));
  if ("random" in choice) {
    const from = choice.from === undefined ? [] : inner(choice.from, ["from"]);
    return from.length > 0 ? from : checkRandom(choice.random, path, connectome);
  }
  if ("labels" in choice) return unknownNames(choice.labels, [...path, "labels"], connectome, "label");
  if ("types" in choice) return unknownNames(choice.types, [...path, "types"], connectome, "type");
  return outside(choice.indices, [...path, "indices"], connectome);
}

// Implementation

function checkRandom(random: number, path: Path, { labels, name }: Connectome): Problem[] {
  if (random <= labels.length) return [];
  const what = `${random} random nodes are wanted, but ${name} has ${labels.length}`;
  const hint = `Lower it to ${labels.length} or less.`;
  return [{ code: "too-many-nodes", path: [...path, "random"], on: "value", what, hint }];
}

function unknownNames(
  names: string[],
  path: Path,
  connectome: Connectome,
  kind: "label" | "type",
): Problem[] {
  const known = kind === "label" ? connectome.labels : connectome.types && [...new Set(connectome.types)];
  if (!known) {
    const what = `the nodes of ${connectome.name} have no types`;
    return [
      {
        code: "no-types",
        path,
        on: "key",
        what,
        hint: "Choose by labels or indices, or give connectome.types.",
      },
    ];
  }
  const set = new Set(known);
  return names.flatMap((name, i): Problem[] => {
    if (set.has(name)) return [];
    const what = `${connectome.name} has no ${kind} "${name}"`;
    return [
      { code: `unknown-${kind}`, path: [...path, i], on: "value", what, ...named(name, known, "Known") },
    ];
  });
}

function outside(indices: number[], path: Path, { labels, name }: Connectome): Problem[] {
  return indices.flatMap((index, i): Problem[] => {
    if (index < labels.length) return [];
    const what = `${name} has no node ${index}`;
    return [
      {
        code: "bad-index",
        path: [...path, i],
        on: "value",
        what,
        hint: `Nodes are 0 … ${labels.length - 1}.`,
      },
    ];
  });
}
