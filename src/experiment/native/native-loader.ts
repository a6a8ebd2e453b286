/**
 * @file Native code in Node: the machine's C compiler makes a library, koffi loads it. Both are optional; where one is
 * missing there is a reason instead, and runs go by WebAssembly to the same bits.
 */

import { rmSync } from "node:fs";
import { createRequire } from "node:module";
import type { NativeFunction, NativeLoader } from "../../engine/index.ts";
import { cacheFolder, compileLibrary } from "./compile-library.ts";
import { type Compiler, findCompiler } from "./find-compiler.ts";

/** How to look for native code; the defaults are the machine's. */
export interface NativeOptions {
  /** Compilers in order of preference. */
  compilers?: readonly string[];
  /** Folder of compiled libraries. */
  folder?: string;
  /** What loads libraries. @throws When it is missing. */
  loadKoffi?: () => unknown;
}

/** What there is on this machine. */
export type FoundNative = { loader: NativeLoader; compiler: string } | { reason: string };

/** A loader, or why there is none. Nothing is compiled yet. */
export function findNative(options: NativeOptions = {}): FoundNative {
  const koffi = loadKoffi(options.loadKoffi ?? (() => createRequire(import.meta.url)("koffi")));
  if ("reason" in koffi) return koffi;
  const compiler = findCompiler(options.compilers);
  if ("reason" in compiler) return compiler;
  const folder = options.folder ?? cacheFolder();
  const loader: NativeLoader = {
    vectorBytes: compiler.vectorBytes,
    compile: (source, names) => compileAndLoad({ source, names }, { compiler, koffi, folder }),
  };
  return { loader, compiler: `${compiler.identity.split("\n", 1)[0]}` };
}

// Implementation

/** The part of koffi that is used. */
interface Koffi {
  load(path: string): { func(name: string, result: string, parameters: string[]): NativeFunction };
}

function loadKoffi(load: () => unknown): Koffi | { reason: string } {
  try {
    const koffi = load() as Koffi;
    return typeof koffi?.load === "function" ? koffi : { reason: "koffi has no load()" };
  } catch (error) {
    const [line] = (error as Error).message.split("\n");
    return { reason: `koffi is not installed (npm install koffi): ${line}` };
  }
}

function compileAndLoad(
  { source, names }: { source: string; names: readonly string[] },
  { compiler, koffi, folder }: { compiler: Compiler; koffi: Koffi; folder: string },
): NativeFunction[] | { reason: string } {
  for (;;) {
    const library = compileLibrary(source, compiler, folder);
    if ("reason" in library) return library;
    try {
      const loaded = koffi.load(library.path);
      return names.map((name) => loaded.func(name, "int32_t", ["void *", "void *"]));
    } catch (error) {
      // One from the cache may have been damaged; one just made cannot be helped.
      rmSync(library.path, { force: true });
      if (!library.cached)
        return { reason: `the compiled library does not load: ${(error as Error).message}` };
    }
  }
}
