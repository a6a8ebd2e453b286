/**
 * @file `cajal new`: a first experiment with comments. Asks nothing and overwrites nothing.
 */

import { access, copyFile, writeFile } from "node:fs/promises";
import { basename, join, relative, resolve } from "node:path";
import { CajalError } from "../src/core/index.ts";
import { makeFolder, packageFile, writeError } from "../src/experiment/index.ts";
import type { CommandIo } from "./io.ts";
import { memoryTemplate } from "./templates.ts";

const FILE = "experiment.yaml";
/** The schema travels with the file, so that editors complete it wherever Cajal is installed. */
const SCHEMA = ".cajal/experiment.schema.json";

/** Write an experiment to start from. @returns The exit code. */
export async function newCommand(
  name: string | undefined,
  _: { template: "memory" },
  io: CommandIo,
): Promise<number> {
  const folder = resolve(io.cwd, name ?? ".");
  const path = join(folder, FILE);
  if (await exists(path)) {
    const hint = "Choose another name, or remove it first.";
    throw new CajalError(`${relative(io.cwd, path)} exists already`, { code: "file-exists", hint });
  }
  const title =
    basename(folder)
      .replace(/[^A-Za-z0-9._-]+/g, "-")
      .replace(/^[^A-Za-z0-9]+/, "") || "memory";
  try {
    await makeFolder(join(folder, ".cajal"));
    await copyFile(packageFile("schema", "experiment.json"), join(folder, SCHEMA));
    await writeFile(path, memoryTemplate(title, `./${SCHEMA}`), { flag: "wx" });
  } catch (error) {
    throw writeError(error, path);
  }
  const shown = relative(io.cwd, path);
  const inside = name === undefined ? "" : `cd ${name} && `;
  io.out.write(`Wrote ${shown}. Next: ${inside}cajal run\n`);
  return 0;
}

// Implementation

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
