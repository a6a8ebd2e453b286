/** @file The backend that a run's options ask for. */

import type { RunPlan } from "../plan.ts";
import type { Backend } from "./backend.ts";
import { createInterpretBackend } from "./interpret.ts";
import { createNativeBackend } from "./native.ts";
import { createWasmBackend } from "./wasm.ts";

/** Compile, or bind, the kernels of a plan. */
export function createBackend(plan: RunPlan): Backend {
  const { backend } = plan.options;
  if (backend === "wasm") return createWasmBackend(plan);
  return backend === "interpret" ? createInterpretBackend(plan) : createNativeBackend(plan, backend);
}
