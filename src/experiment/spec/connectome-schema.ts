/**
 * @file What an experiment file says about the connectome: where it comes from, the transforms it passes through,
 * and the null models it is compared with.
 */

import { z } from "zod";
import { CONNECTOME_FORMATS, type ConnectomeFormat } from "../../connectome/index.ts";
import { nodeChoiceSchema } from "./node-choice-schema.ts";

const file = (description: string) => z.string().min(1).meta({ description });

const shipped = z
  .strictObject({
    name: z
      .string()
      .min(1)
      .meta({
        description: "A connectome that ships with Cajal; `cajal connectome list` names them.",
        examples: ["celegans"],
      }),
    synapses: z
      .enum(["chemical", "gap", "both"])
      .default("both")
      .meta({ description: "Which connections count: chemical synapses, gap junctions, or their sum." }),
  })
  .meta({ title: "A shipped connectome" });

const fromFile = z
  .strictObject({
    path: file(
      "File with the weights, relative to this file: .npy, .npz, a CSV or TSV matrix, a list of edges.",
    ),
    format: z
      .enum(CONNECTOME_FORMATS as readonly [ConnectomeFormat, ...ConnectomeFormat[]])
      .optional()
      .meta({ description: "Format of the file; by default told from its first bytes and its name." }),
    orientation: z
      .enum(["pre-post", "post-pre"])
      .default("pre-post")
      .meta({
        description:
          "What a row of the matrix is. `pre-post`: entry (i, j) is the weight from i to j (most published files); " +
          "`post-pre`: the weight from j to i.",
      }),
    array: z
      .string()
      .optional()
      .meta({ description: "Which array of a .npz file; default: the only square one." }),
    diagonal: z
      .enum(["keep", "zero"])
      .default("keep")
      .meta({ description: "`zero` ignores what stands on the diagonal, which is often NaN." }),
    header: z.boolean().optional().meta({
      description: "Whether the first row of a text file holds names; by default told from the file.",
    }),
    labelColumn: z.boolean().optional().meta({
      description: "Whether the first column of a text matrix holds labels; by default told from the file.",
    }),
    directed: z
      .boolean()
      .optional()
      .meta({ description: "`false`: each line of a list of edges stands for both directions." }),
    labels: file(
      "File with one node label a line (or a pickled list), in the order of the matrix.",
    ).optional(),
    types: file("File with one node type a line, in the order of the matrix.").optional(),
  })
  .meta({ title: "A connectome in a file" });

/** Where the weights come from. */
export const connectomeSchema = z
  .union([shipped, fromFile])
  .meta({ description: "The wiring: a shipped connectome by `name`, or your own file by `path`." });

const fraction = z.strictObject({
  fraction: z.number().min(0).max(1).meta({ description: "Share of random nodes, 0 … 1." }),
});

/** One step from the connectome as read to the one that is simulated. */
export const transformSchema = z
  .discriminatedUnion("kind", [
    z
      .strictObject({
        kind: z.literal("largest-component"),
        connection: z
          .enum(["weak", "strong"])
          .default("weak")
          .meta({ description: "`weak` ignores direction; in `strong` every node reaches every other." }),
      })
      .meta({ description: "Keep the largest connected component." }),
    z
      .strictObject({ kind: z.literal("keep-nodes"), nodes: nodeChoiceSchema })
      .meta({ description: "Keep some nodes and the edges among them." }),
    z
      .strictObject({ kind: z.literal("remove-self-loops") })
      .meta({ description: "Remove edges from a node to itself." }),
    z
      .strictObject({ kind: z.literal("symmetrize") })
      .meta({ description: "Both directions get the mean of the two." }),
    z
      .strictObject({ kind: z.literal("binarize") })
      .meta({ description: "Every existing edge gets weight 1, or −1 where it was negative." }),
    z
      .strictObject({
        kind: z.literal("scale"),
        min: z.number().min(0).default(0).meta({ description: "Smallest |weight| of existing edges, ≥ 0." }),
        max: z.number().gt(0).default(1).meta({ description: "Largest |weight|, > 0." }),
      })
      .meta({ description: "Scale existing edges to min … max; signs are kept, absent edges stay absent." }),
    z
      .strictObject({
        kind: z.literal("threshold-density"),
        density: z
          .number()
          .gt(0)
          .max(1)
          .meta({ description: "Share of possible edges to keep, strongest first, 0 < density ≤ 1." }),
      })
      .meta({ description: "Keep the strongest edges only." }),
    z
      .strictObject({
        kind: z.literal("assign-signs"),
        inhibitory: z.union([fraction, nodeChoiceSchema]).meta({
          description:
            "Nodes whose outgoing edges become negative: a choice of nodes, or { fraction } of them.",
        }),
      })
      .meta({ description: "Make nodes excitatory or inhibitory as a whole (Dale's law)." }),
  ])
  .meta({ description: "One step from the connectome as read to the one that is simulated." });

const nullName = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/)
  .meta({ description: "Name in tables and pictures: small letters, digits, hyphens. Default: the kind." });

/** A family of randomised copies. */
export const nullModelSchema = z
  .discriminatedUnion("kind", [
    z
      .strictObject({
        kind: z.literal("rewired"),
        name: nullName.optional(),
        count: z.int().min(1).max(100_000).default(20).meta({ description: "How many copies, ≥ 1." }),
        swapsPerEdge: z
          .number()
          .min(0)
          .max(1000)
          .default(10)
          .meta({ description: "Successful swaps per edge, ≥ 0; 10 is the common choice." }),
        connected: z
          .boolean()
          .default(true)
          .meta({ description: "Whether copies may not fall into more pieces than the original." }),
      })
      .meta({ description: "Edges swapped at random; every in- and out-degree is kept." }),
  ])
  .meta({ description: "A family of randomised copies to compare with." });
