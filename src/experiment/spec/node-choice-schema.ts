/**
 * @file How an experiment file chooses nodes: by label, type, number, at random, or by combining these.
 */

import { z } from "zod";

/** Which nodes of the connectome. `input` means the nodes of `network.input.nodes` and is legal in `output` alone. */
export type NodeChoice =
  | "all"
  | "input"
  | { labels: string[] }
  | { types: string[] }
  | { indices: number[] }
  | { random: number; from?: NodeChoice }
  | { not: NodeChoice }
  | { and: NodeChoice[] };

/** The same as a user may write it: one name stands for a list of one. */
export type NodeChoiceInput =
  | "all"
  | "input"
  | { labels: string | string[] }
  | { types: string | string[] }
  | { indices: number | number[] }
  | { random: number; from?: NodeChoiceInput }
  | { not: NodeChoiceInput }
  | { and: NodeChoiceInput[] };

const oneOrMany = <T>(item: z.ZodType<T, T>, description: string) =>
  z.union([item.transform((one) => [one]), z.array(item).min(1)]).meta({ description });

/**
 * A choice of nodes wherever a file may make one; `not`, `and` and `from` hold further ones. Recursion must meet this
 * very object: a `.meta()` or a fresh union inside the getter would copy for ever.
 */
export const nodeChoiceSchema: z.ZodType<NodeChoice, NodeChoiceInput> = z.lazy(() => choices);

const choices: z.ZodType<NodeChoice, NodeChoiceInput> = z.union([
  z.enum(["all", "input"]),
  z.strictObject({ labels: oneOrMany(z.string(), "Node labels, one or a list.") }),
  z.strictObject({ types: oneOrMany(z.string(), "Node types, one or a list.") }),
  z.strictObject({ indices: oneOrMany(z.int().min(0), "Node numbers from 0, one or a list.") }),
  z.strictObject({
    random: z.int().min(1).meta({ description: "This many nodes, drawn anew for each repeat." }),
    from: nodeChoiceSchema.optional(),
  }),
  z.strictObject({ not: nodeChoiceSchema }).meta({ description: "All nodes but these." }),
  z.strictObject({ and: z.array(nodeChoiceSchema).min(1) }).meta({ description: "Nodes in all of these." }),
]);
