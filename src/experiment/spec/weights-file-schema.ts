/**
 * @file What an experiment file says about weights that come from files, projection by projection in the words that a
 * connectome in a file has.
 */

import { z } from "zod";

/** Formats of files with weights. */
export const WEIGHTS_FORMATS = ["npy", "npz", "safetensors", "csv", "tsv"] as const;

/** Projections whose weights can come from files. */
export const GIVEN_PROJECTIONS = ["in", "rec", "out"] as const;

const weightsFileSchema = (shape: string) =>
  z
    .strictObject({
      path: z.string().min(1).meta({
        description:
          "File with the weights, relative to this file: .npy, .npz, .safetensors, a CSV or TSV matrix.",
      }),
      format: z.enum(WEIGHTS_FORMATS).optional().meta({
        description: "Format of the file; by default told from its first bytes and its name.",
      }),
      orientation: z
        .enum(["pre-post", "post-pre"])
        .default("post-pre")
        .meta({
          description: `What a row of the matrix is. \`post-pre\` (default, as PyTorch, pycog and Cajal write it): shape ${shape}; \`pre-post\`: its transpose.`,
        }),
      array: z.string().min(1).optional().meta({
        description:
          "Which array of a .npz or .safetensors file, e.g. `weights:in`, `weights/best.in`, `W_in`; default: the only matrix.",
      }),
      header: z.boolean().optional().meta({
        description: "Whether the first row of a text file holds names; by default told from the file.",
      }),
      labelColumn: z.boolean().optional().meta({
        description: "Whether the first column of a text matrix holds names; by default told from the file.",
      }),
      use: z.enum(["weights", "mask"]).default("weights").meta({
        description:
          "`weights` (default): the file's numbers to start with; `mask`: synapses where they are not 0, weights drawn.",
      }),
      mask: z
        .union([z.boolean(), z.string().min(1)])
        .default(false)
        .meta({
          description:
            "Of use: weights. `true`: 0 is no synapse and stays 0; or the array of the same file that is 0 where there is none, e.g. `masks/in`. Default false: every weight is trained.",
        }),
    })
    .meta({ description: `Weights of shape ${shape} in a file.` });

/** Weights from files, by projection. */
export const givenWeightsSchema = z
  .strictObject({
    path: z.string().min(1).optional().meta({
      description:
        "A file of an earlier run, `weights/*.safetensors`, instead of `in`, `rec` and `out`: all that it trained, with its masks and held weights.",
    }),
    in: weightsFileSchema("(unit, input)").optional(),
    rec: weightsFileSchema("(post, pre)").optional(),
    out: weightsFileSchema("(output, unit)").optional(),
  })
  .meta({
    description:
      "Weights from files instead of drawn ones: input, recurrent and readout weights, or all that an earlier run trained.",
  });

/** Weights in a file, as an experiment names them. */
export type WeightsFileSource = z.output<ReturnType<typeof weightsFileSchema>>;
/** Those of an experiment. */
export type GivenWeightsChoice = z.output<typeof givenWeightsSchema>;
/** A projection whose weights can come from a file. */
export type GivenProjection = (typeof GIVEN_PROJECTIONS)[number];
