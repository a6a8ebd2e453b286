/**
 * @file `cajal new`: a first experiment with comments. Asks nothing and overwrites nothing.
 */

import { access, copyFile, writeFile } from "node:fs/promises";
import { basename, join, relative, resolve } from "node:path";
import { CajalError } from "../src/core/index.ts";
import { makeFolder, packageFile, SCHEMA_FILES, writeError } from "../src/experiment/index.ts";
import type { CommandIo } from "./io.ts";
import { countingTemplate, memoryTemplate, sornTemplate, trainingTemplate } from "./templates.ts";

const FILE = "experiment.yaml";
/** The schema travels with the file, so that editors complete it wherever Cajal is installed. */
const SCHEMA = ".cajal/experiment.schema.json";

/** What each template writes, and the schema of its kind. */
const TEMPLATES = {
  memory: { write: memoryTemplate, schema: SCHEMA_FILES.memory },
  sorn: { write: sornTemplate, schema: SCHEMA_FILES["self-organisation"] },
  counting: { write: countingTemplate, schema: SCHEMA_FILES["self-organisation"] },
  training: { write: trainingTemplate, schema: SCHEMA_FILES.training },
};

/**
 * Write an experiment to start from.
 *
 * @param options.template - Default: the template that the folder is named after, or `memory`.
 * @returns The exit code.
 */
export async function newCommand(
  name: string | undefined,
  options: { template?: keyof typeof TEMPLATES },
  io: CommandIo,
): Promise<number> {
  const folder = resolve(io.cwd, name ?? ".");
  const path = join(folder, FILE);
  if (await exists(path)) {
    const hint = "Choose another name, or remove it first.";
    throw new CajalError(`${relative(io.cwd, path)} exists already`, { code: "file-exists", hint });
  }
  const { write, schema } = TEMPLATES[options.template ?? templateOf(name)];
  const title =
    basename(folder)
      .replace(/[^A-Za-z0-9._-]+/g, "-")
      .replace(/^[^A-Za-z0-9]+/, "") || "memory";
  try {
    await makeFolder(join(folder, ".cajal"));
    await copyFile(packageFile("schema", schema), join(folder, SCHEMA));
    await writeFile(path, write(title, `./${SCHEMA}`), { flag: "wx" });
  } catch (error) {
    throw writeError(error, path);
  }
  const shown = relative(io.cwd, path);
  const inside = name === undefined ? "" : `cd ${name} && `;
  io.out.write(`Wrote ${shown}. Next: ${inside}cajal run\n`);
  return 0;
}

// Implementation

/** `cajal new sorn` means the template of that name. */
function templateOf(name = "memory"): keyof typeof TEMPLATES {
  return name in TEMPLATES ? (name as keyof typeof TEMPLATES) : "memory";
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
