/**
 * @file `cajal convert`: a configuration of another tool as an experiment file.
 */

import { access, readFile, writeFile } from "node:fs/promises";
import { dirname, isAbsolute, relative, resolve } from "node:path";
import pc from "picocolors";
import { CajalError } from "../src/core/index.ts";
import { convertBioRnnMem, writeError } from "../src/experiment/index.ts";
import { decodeText } from "./decode-text.ts";
import type { CommandIo } from "./io.ts";

/** Convert a file. @param options.out - Default: standard output. @returns The exit code. */
export async function convertCommand(
  file: string,
  { out }: { out?: string },
  io: CommandIo,
): Promise<number> {
  const [from, to] = [resolve(io.cwd, file), out === undefined ? undefined : resolve(io.cwd, out)];
  const { yaml, warnings, connectome } = convertBioRnnMem(await readText(from, file), {
    name: file,
    // Beside its own file, or where the experiment is to lie.
    connectomePath: (path) =>
      isAbsolute(path) || path.startsWith("~")
        ? path
        : forwards(relative(to === undefined ? io.cwd : dirname(to), resolve(dirname(from), path))),
  });
  for (const warning of warnings) io.err.write(`${pc.yellow("warning")}  ${warning}\n`);
  const data = resolve(dirname(from), connectome);
  if (!(await exists(data)))
    io.err.write(
      `${pc.yellow("warning")}  there is no file ${relative(io.cwd, data)}: set connectome.path\n`,
    );
  if (to === undefined) {
    io.out.write(yaml);
    return 0;
  }
  await writeNew(to, yaml, io);
  const shown = relative(io.cwd, to);
  io.out.write(`Wrote ${shown}. Next: cajal check ${shown}\n`);
  return 0;
}

// Implementation

const forwards = (path: string): string => path.replaceAll("\\", "/");

async function readText(path: string, file: string): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT") throw new CajalError(`there is no file ${file}`, { code: "no-such-file", cause });
    if (code === "EISDIR")
      throw new CajalError(`${file} is a folder`, {
        code: "not-a-file",
        hint: "Name the config.ini in it.",
        cause,
      });
    throw new CajalError(`${file} cannot be read: ${message}`, { code: "unreadable-file", cause });
  }
  return decodeText(bytes, { file, hint: "A config.ini is text, saved as UTF-8." });
}

async function writeNew(path: string, text: string, io: CommandIo): Promise<void> {
  try {
    await writeFile(path, text, { flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw writeError(error, path);
    const hint = "Choose another name, or remove it first.";
    throw new CajalError(`${relative(io.cwd, path)} exists already`, { code: "file-exists", hint });
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
