/**
 * @file Whether jobs run as native code. The switch is an environment variable, for it must reach every worker thread
 * before its first job, and a user may set it for good.
 */

import type { NativeLoader } from "../../engine/index.ts";
import { type FoundNative, findNative } from "./native-loader.ts";

/** Set to 1, jobs use the machine's own C compiler. */
export const NATIVE_SWITCH = "CAJAL_NATIVE";

/** The backend of this thread's jobs: native code where it is wanted and possible. */
export function jobBackend(): NativeLoader | "wasm" {
  const native = wantedNative();
  return native && "loader" in native ? native.loader : "wasm";
}

/** What runs the kernels, for `run.json`. */
export function describeKernels(): string {
  const native = wantedNative();
  if (native === undefined) return "WebAssembly";
  return "loader" in native ? `native code by ${native.compiler}` : `WebAssembly, for ${native.reason}`;
}

// Implementation

let found: FoundNative | undefined;

function wantedNative(): FoundNative | undefined {
  if (process.env[NATIVE_SWITCH] !== "1") return undefined;
  found ??= findNative();
  return found;
}
