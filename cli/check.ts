/**
 * @file `cajal check`: everything `run` would refuse, without running.
 */

import pc from "picocolors";
import { plural } from "./format.ts";
import type { CommandIo } from "./io.ts";
import { planWords, prepare } from "./prepare.ts";

/** Check an experiment file. @returns The exit code. */
export async function checkCommand(
  file: string,
  { set = [] }: { set?: string[] },
  io: CommandIo,
): Promise<number> {
  const { plan, store } = await prepare(file, { set, cwd: io.cwd });
  const { labels, weights, name } = await store.prepare(plan.jobs[0].experiment);
  const size = `${plural(labels.length, "unit")}, ${plural(weights.values.length, "edge")}`;
  io.out.write(`${pc.green("✔")} ${file}: no problems. ${planWords(plan)}, on ${name} (${size}).\n`);
  return 0;
}
