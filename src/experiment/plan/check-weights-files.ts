/**
 * @file Weights from files, as the check before a run reads them: keys that exclude each other, and
 * files that cannot be read, each at the line that is to blame.
 */

import { CajalError } from "../../core/index.ts";
import type { ConnectomeStore } from "../connectome-source.ts";
import type { GivenWeights } from "../jobs/training/given-weights.ts";
import type { Path } from "../spec/path.ts";
import type { Problem } from "../spec/problem.ts";
import type { TrainingExperiment } from "../spec/training-schema.ts";
import {
  GIVEN_PROJECTIONS,
  type GivenProjection,
  type WeightsFileSource,
} from "../spec/weights-file-schema.ts";

/** Keys that have no effect beside weights from a file. */
export function checkGivenKeys(experiment: Pick<TrainingExperiment, "network" | "connectome">): Problem[] {
  const { weights = {}, initial } = experiment.network;
  const problems = GIVEN_PROJECTIONS.flatMap((name): Problem[] => {
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
  return weights.rec ? [...problems, ...checkWiring(experiment, weights.rec)] : problems;
}

/** What the files hold, or what is wrong with them. */
export async function readGivenWeights(
  { network }: Pick<TrainingExperiment, "network">,
  store: ConnectomeStore,
): Promise<{ given: GivenWeights; problems: Problem[] }> {
  const given: GivenWeights = {};
  const problems: Problem[] = [];
  for (const name of GIVEN_PROJECTIONS) {
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

/** What would give the recurrent synapses a second time. */
function checkWiring(
  { network, connectome }: Pick<TrainingExperiment, "network" | "connectome">,
  { use }: WeightsFileSource,
): Problem[] {
  const problems: Problem[] = [];
  const refuse = (path: Path, what: string, hint: string) =>
    problems.push({ code: "exclusive-keys", path, on: "key", what, hint });
  if (connectome) {
    const what = "the recurrent synapses are given twice, by a connectome and by a file";
    const hint =
      "Keep one of the two; a connectome may be a file too, and wiring: { use: weights } starts from its weights.";
    refuse(["network", "weights", "rec"], what, hint);
  }
  if (use === "mask") return problems;
  const mend =
    "mask: true makes no synapse of a 0 in the file, use: mask draws weights for those of the file";
  if (network.density < 1) {
    const what = `a density of ${network.density} draws which synapses there are, and their weights are those of a file`;
    refuse(["network", "density"], what, `Leave it out; ${mend}.`);
  }
  const drawn = drawnDensity(network.areas);
  if (drawn) {
    const what = `areas.${drawn.join(".")} draws which synapses there are, and their weights are those of a file`;
    refuse(["network", "areas", ...drawn], what, `Give 1 where areas may be connected, else 0; ${mend}.`);
  }
  return problems;
}

/** Where areas have a density that is neither 0 nor 1. */
function drawnDensity(areas: TrainingExperiment["network"]["areas"]): string[] | undefined {
  if (!areas) return undefined;
  const isDrawn = (value: unknown): boolean =>
    typeof value === "number" ? value > 0 && value < 1 : Object.values(value ?? {}).some(isDrawn);
  const { within, between, pairs = {} } = areas;
  if (isDrawn(within)) return ["within"];
  if (isDrawn(between)) return ["between"];
  const pair = Object.keys(pairs).find((name) => isDrawn(pairs[name]));
  return pair === undefined ? undefined : ["pairs", pair];
}

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
