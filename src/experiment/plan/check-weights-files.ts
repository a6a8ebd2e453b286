/**
 * @file Input and readout weights from files, as the check before a run reads them: keys that exclude each other, and
 * files that cannot be read, each at the line that is to blame.
 */

import { CajalError } from "../../core/index.ts";
import type { ConnectomeStore } from "../connectome-source.ts";
import type { GivenWeights } from "../jobs/training/given-weights.ts";
import type { Problem } from "../spec/problem.ts";
import type { TrainingExperiment } from "../spec/training-schema.ts";
import type { GivenProjection, WeightsFileSource } from "../spec/weights-file-schema.ts";

/** Keys that have no effect beside weights from a file. */
export function checkGivenKeys({ network }: Pick<TrainingExperiment, "network">): Problem[] {
  const { weights = {}, initial } = network;
  return PROJECTIONS.flatMap((name): Problem[] => {
    const source = weights[name];
    if (!source) return [];
    const base = ["network", "weights", name];
    const problems: Problem[] = [];
    if (source.use === "weights" && initial[name]) {
      const what = `the weights "${name}" are given twice, drawn by network.initial and from a file`;
      const hint = "Keep one of the two, or take only the mask from the file: use: mask.";
      problems.push({ code: "exclusive-keys", path: ["network", "initial", name], on: "key", what, hint });
    }
    if (source.use === "mask" && source.mask !== false) {
      const what = "mask has no effect where the file is only used as one";
      const hint = "Leave mask out, or say use: weights.";
      problems.push({ code: "no-effect", path: [...base, "mask"], on: "key", what, hint });
    }
    return problems;
  });
}

/** What the files hold, or what is wrong with them. */
export async function readGivenWeights(
  { network }: Pick<TrainingExperiment, "network">,
  store: ConnectomeStore,
): Promise<{ given: GivenWeights; problems: Problem[] }> {
  const given: GivenWeights = {};
  const problems: Problem[] = [];
  for (const name of PROJECTIONS) {
    const source = network.weights?.[name];
    if (!source) continue;
    try {
      given[name] = await store.weights(source);
    } catch (error) {
      if (!(error instanceof CajalError)) throw error;
      problems.push(fileProblem(error, name, source));
    }
  }
  return { given, problems };
}

// Implementation

const PROJECTIONS = ["in", "out"] as const satisfies readonly GivenProjection[];

function fileProblem(
  { code, where, what, hint }: CajalError,
  name: GivenProjection,
  source: WeightsFileSource,
): Problem {
  const key =
    /array/.test(code) && source.array !== undefined ? "array" : /mask/.test(code) ? "mask" : "path";
  const path = ["network", "weights", name, key];
  return { code, path, on: "value", what: where ? `${where}: ${what}` : what, ...(hint && { hint }) };
}
