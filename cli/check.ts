/**
 * @file `cajal check`: everything `run` would refuse, without running.
 */

import pc from "picocolors";
import { plural } from "./format.ts";
import type { CommandIo } from "./io.ts";
import { prepare } from "./prepare.ts";

/** Check an experiment file. @returns The exit code. */
export async function checkCommand(
  file: string,
  { set = [] }: { set?: string[] },
  io: CommandIo,
): Promise<number> {
  const { plan, store } = await prepare(file, { set, cwd: io.cwd });
  const { labels, weights, name } = await store.prepare(plan.jobs[0].experiment);
  const cells = plan.cells > 1 ? ` of ${plural(plan.cells, "cell")} in all` : "";
  io.out.write(
    `${pc.green("✔")} ${file}: no problems. ${plural(plan.jobs.length, "job")}${cells} on ${name} (${plural(labels.length, "unit")}, ${plural(weights.values.length, "edge")}).\n`,
  );
  return 0;
}
