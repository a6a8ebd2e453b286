/**
 * @file C compiled once: libraries in a folder of the user's cache, named by the hash of all they depend on. Workers
 * may compile the same source at once; each writes files of its own and renames the finished library, which no reader
 * sees half-written.
 */

import { spawnSync } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { type Compiler, PATIENCE } from "./find-compiler.ts";

/** A library on disk. */
export interface CompiledLibrary {
  path: string;
  /** Whether it was compiled by an earlier call. */
  cached: boolean;
}

/** Where libraries are kept: `CAJAL_CACHE`, or the user's cache folder. */
export function cacheFolder(): string {
  const { CAJAL_CACHE, XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  return CAJAL_CACHE || join(XDG_CACHE_HOME || LOCALAPPDATA || join(homedir(), ".cache"), "cajal");
}

/** Compile, unless the folder holds the result. @param folder - Is made if need be, for this user alone. */
export function compileLibrary(
  source: string,
  compiler: Compiler,
  folder: string,
): CompiledLibrary | { reason: string } {
  const hash = createHash("sha256").update(compiler.identity).update("\0").update(source).digest("hex");
  const name = `native-${hash.slice(0, 32)}`;
  const usable = writableFolder(folder);
  if (usable === undefined) return { reason: `no folder to write to: ${folder}` };
  const path = join(usable, `${name}.so`);
  if (existsSync(path)) return { path, cached: true };
  const own = join(usable, `${name}.${randomUUID()}`);
  try {
    writeFileSync(`${own}.c`, source);
    const { command, options } = compiler;
    const run = spawnSync(command, [...options, "-o", `${own}.so`, `${own}.c`], {
      encoding: "utf8",
      timeout: PATIENCE,
    });
    if (run.status !== 0)
      return { reason: `${command} failed: ${firstLine(run.stderr || `${run.error ?? run.signal}`)}` };
    renameSync(`${own}.so`, path);
    return { path, cached: false };
  } catch (error) {
    return { reason: `${compiler.command}: ${(error as Error).message}` };
  } finally {
    for (const end of [".c", ".so"]) rmSync(`${own}${end}`, { force: true });
  }
}

// Implementation

/** The folder, or one of this process alone when it cannot be made. */
function writableFolder(folder: string): string | undefined {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return folder;
  } catch {
    try {
      return mkdtempSync(join(tmpdir(), "cajal-"));
    } catch {
      return undefined;
    }
  }
}

function firstLine(text: string): string {
  const lines = text.split("\n");
  return (lines.find((line) => /error/i.test(line)) ?? lines[0]).trim();
}
