/**
 * @file Native code as the engine sees it: C that a loader given by the caller compiles, over the memory of a run.
 */

import type { VectorBytes } from "../../compiler/index.ts";
import { warn } from "../../core/index.ts";

/** A compiled function over the memory of a run and its table of addresses. */
export type NativeFunction = (memory: Uint8Array, table: Uint32Array) => number;

/** Compiles C on this machine. Where there are no files and processes, there is none. */
export interface NativeLoader {
  /** Bytes of the processor's widest vectors. */
  readonly vectorBytes: VectorBytes;
  /**
   * Compile a source without contraction and reassociation of floating-point operations, and find functions
   * `int32_t name(char *memory, const uint32_t *table)` in it.
   *
   * @returns The functions in the order of their names, or why there are none.
   */
  compile(source: string, names: readonly string[]): NativeFunction[] | { reason: string };
}

/** C of a plan: its functions by name, and the numbers they look up, which differ between runs of the same equations. */
export interface NativeSource {
  source: string;
  names: readonly string[];
  table: readonly number[];
}

/** Compiled C of a plan. */
export interface NativeCode {
  table: Uint32Array;
  /** A function by its name over the memory and the table; undefined where none was printed. */
  find(name: string): (() => number) | undefined;
}

/** Compile the C of a plan over a memory, or warn and say why WebAssembly has to run. */
export function compileNative(
  printed: NativeSource,
  loader: NativeLoader,
  buffer: ArrayBuffer,
): NativeCode | { reason: string } {
  const compiled = loader.compile(printed.source, printed.names);
  if (!Array.isArray(compiled)) {
    warn("no-native-code", `WebAssembly runs instead of native code: ${compiled.reason}`);
    return compiled;
  }
  const memory = new Uint8Array(buffer);
  const table = Uint32Array.from(printed.table);
  const functions = new Map(printed.names.map((name, k) => [name, () => compiled[k](memory, table)]));
  return { table, find: (name) => functions.get(name) };
}
