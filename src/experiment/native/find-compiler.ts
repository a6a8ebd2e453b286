/**
 * @file The machine's own C compiler: which one, what it makes of this processor, and the options it is called with.
 */

import { spawnSync } from "node:child_process";

/** A compiler that answers. */
export interface Compiler {
  command: string;
  /** Options before source and output. */
  options: readonly string[];
  /** All that its output depends on besides the source: version, options, features of the processor. */
  identity: string;
  /** Bytes of the widest vectors it would use. */
  vectorBytes: 16 | 32 | 64;
}

/**
 * Options without which bits could differ from WebAssembly's, and a library as the result. Never -ffast-math: no
 * multiplication and addition is fused, no sum reordered. Traps and errno change no value.
 */
const OPTIONS = [
  "-O3",
  "-ffp-contract=off",
  "-fno-math-errno",
  "-fno-trapping-math",
  "-fno-fast-math",
  "-shared",
  "-fPIC",
  "-w",
];

/** What asks for the features of this processor; compilers differ. */
const NATIVE = [["-march=native"], ["-mcpu=native"], []];

/** A compile that takes longer is given up [ms]. */
export const PATIENCE = 60_000;

/**
 * The first compiler that answers.
 *
 * @param commands - In order of preference; default: `CC` of the environment, then cc, gcc, clang.
 */
export function findCompiler(
  commands: readonly string[] = [process.env.CC ?? "", "cc", "gcc", "clang"],
): Compiler | { reason: string } {
  for (const command of commands) {
    if (command === "") continue;
    const version = answerOf(command, ["--version"]);
    if (version === undefined) continue;
    for (const native of NATIVE) {
      const macros = answerOf(command, [...native, "-dM", "-E", "-x", "c", "-"]);
      if (macros === undefined) continue;
      const options = [...OPTIONS, ...native];
      return {
        command,
        options,
        identity: [version, options.join(" "), macros].join("\n"),
        vectorBytes: vectorBytes(macros),
      };
    }
    return { reason: `${command} does not preprocess C` };
  }
  const tried = commands.filter((c) => c !== "").join(", ");
  return { reason: `no C compiler (tried ${tried})` };
}

// Implementation

function vectorBytes(macros: string): 16 | 32 | 64 {
  if (/__AVX512F__ 1/.test(macros) && /__AVX512DQ__ 1/.test(macros)) return 64;
  return /__AVX2__ 1/.test(macros) ? 32 : 16;
}

function answerOf(command: string, args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync(command, args, { encoding: "utf8", input: "", timeout: PATIENCE });
  return status === 0 && stdout !== "" ? stdout : undefined;
}
