/**
 * @file `cajal check`: everything `run` would refuse, without running.
 */

import pc from "picocolors";
import { plural } from "./format.ts";
import type { CommandIo } from "./io.ts";
import { type Prepared, planWords, prepare } from "./prepare.ts";

/** Check an experiment file. @returns The exit code. */
export async function checkCommand(
  file: string,
  { set = [] }: { set?: string[] },
  io: CommandIo,
): Promise<number> {
  const prepared = await prepare(file, { set, cwd: io.cwd });
  const words = `${planWords(prepared.plan)}, ${await networkWords(prepared)}`;
  io.out.write(`${pc.green("✔")} ${file}: no problems. ${words}.\n`);
  return 0;
}

// Implementation

async function networkWords(prepared: Prepared): Promise<string> {
  if (prepared.kind === "self-organisation") {
    const { network, connectome } = prepared.plan.experiment;
    return `of ${network.preset}${connectome && "name" in connectome ? ` grown on ${connectome.name}` : ""}`;
  }
  if (prepared.kind === "training") {
    const { task, network } = prepared.plan.experiment;
    return `training ${network.model} networks on ${task.name}`;
  }
  const { labels, weights, name } = await prepared.store.prepare(prepared.plan.jobs[0].experiment);
  return `on ${name} (${plural(labels.length, "unit")}, ${plural(weights.values.length, "edge")})`;
}
