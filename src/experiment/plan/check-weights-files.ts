/**
 * @file Weights from files, as the check before a run reads them: keys that exclude each other, and
 * files that cannot be read, each at the line that is to blame.
 */

import { CajalError } from "../../core/index.ts";
import type { ConnectomeStore } from "../connectome-source.ts";
import { fromTrained, type GivenWeights } from "../jobs/training/given-weights.ts";
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
    const source = weights[name] ?? (weights.path === undefined ? undefined : WHOLE);
    if (!source) return [];
    const base = ["network", "weights", name];
    const problems: Problem[] = [];
    if (weights.path !== undefined && weights[name]) {
      const what = `the weights "${name}" are given twice, by a file of all parts and by one of their own`;
      problems.push({ code: "exclusive-keys", path: base, on: "key", what, hint: "Keep one of the two." });
    }
    if (source.use === "weights" && initial[name]) {
      const what = `the weights "${name}" are given twice, drawn by network.initial and from a file`;
      const hint =
        source === WHOLE
          ? "Keep one of the two."
          : "Keep one of the two, or take only the mask from the file: use: mask.";
      problems.push({ code: "exclusive-keys", path: ["network", "initial", name], on: "key", what, hint });
    }
    if (source.use === "mask" && source.mask !== false) {
      const what = "mask has no effect where the file is only used as one";
      const hint = "Leave mask out, or say use: weights.";
      problems.push({ code: "no-effect", path: [...base, "mask"], on: "key", what, hint });
    }
    return problems;
  });
  const wired = weights.path === undefined ? weights.rec : WHOLE;
  return wired ? [...problems, ...checkWiring(experiment, wired)] : problems;
}

/** What the files hold, or what is wrong with them. */
export async function readGivenWeights(
  { network }: Pick<TrainingExperiment, "network">,
  store: ConnectomeStore,
): Promise<{ given: GivenWeights; problems: Problem[] }> {
  const whole = network.weights?.path;
  if (whole !== undefined) {
    try {
      return { given: fromTrained(await store.trained(whole)), problems: [] };
    } catch (error) {
      if (!(error instanceof CajalError)) throw error;
      return { given: {}, problems: [placed(error, ["network", "weights", "path"])] };
    }
  }
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

/** Stands for each part where one file gives all. */
const WHOLE = { use: "weights", mask: false } as const;

/** What would give the recurrent synapses a second time. */
function checkWiring(
  { network, connectome }: Pick<TrainingExperiment, "network" | "connectome">,
  source: Pick<WeightsFileSource, "use">,
): Problem[] {
  const problems: Problem[] = [];
  const refuse = (path: Path, what: string, hint: string) =>
    problems.push({ code: "exclusive-keys", path, on: "key", what, hint });
  if (connectome) {
    const what = "the recurrent synapses are given twice, by a connectome and by a file";
    const hint =
      "Keep one of the two; a connectome may be a file too, and wiring: { use: weights } starts from its weights.";
    refuse(["network", "weights", source === WHOLE ? "path" : "rec"], what, hint);
  }
  if (source.use === "mask") return problems;
  const mend =
    source === WHOLE
      ? "the file has its synapses"
      : "mask: true makes no synapse of a 0 in the file, use: mask draws weights for those of the file";
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

function fileProblem(error: CajalError, name: GivenProjection, source: WeightsFileSource): Problem {
  const { code } = error;
  const key =
    /array/.test(code) && source.array !== undefined ? "array" : /mask/.test(code) ? "mask" : "path";
  return placed(error, ["network", "weights", name, key]);
}

function placed({ code, where, what, hint }: CajalError, path: Path): Problem {
  return { code, path, on: "value", what: where ? `${where}: ${what}` : what, ...(hint && { hint }) };
}
