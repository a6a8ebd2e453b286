/** @file What tests of checks of self-organising networks start from. */

import { CajalError } from "../../core/index.ts";
import { ConnectomeStore } from "../connectome-source.ts";
import { experimentKind } from "../spec/experiment-kind.ts";
import { parseExperiment } from "../spec/parse-experiment.ts";
import { resolveSelfOrganisation } from "../spec/resolve-experiment.ts";
import { checkSelfOrganisation } from "./check-self-organisation.ts";

/** A file as `cajal run` resolves it, with values of `--set`. */
export function resolvedOf(text: string, set: string[] = []) {
  const source = parseExperiment(text, { file: "experiment.yaml", set });
  experimentKind(source);
  return resolveSelfOrganisation(source, { folder: "/data" });
}

/** What a check of the file says; "fine" where it finds nothing. */
export async function messageOf(text: string, set: string[] = []): Promise<string> {
  try {
    await checkSelfOrganisation(resolvedOf(text, set), new ConnectomeStore());
  } catch (error) {
    if (!(error instanceof CajalError)) throw error;
    return error.message;
  }
  return "fine";
}
