/**
 * @file How a network is simulated: step, precision, instances, seeds, values that differ between instances.
 */

import { METHOD_NAMES, type Method, methodOf, type Precision } from "../compiler/index.ts";
import { CajalError, suggest } from "../core/index.ts";
import type { NativeLoader } from "./backends/native-code.ts";

/** Options of a simulation. */
export interface SimulationOptions {
  /** Length of a step [ms], > 0, default 1. */
  dt?: number;
  /** Method of ODEs that name none, default `explicit` (forward Euler). */
  method?: Method;
  /** Number type of state and weights, default `f64`. */
  precision?: Precision;
  /**
   * WebAssembly (default); a loader of native code, where WebAssembly runs if it cannot compile (see
   * `Simulation.path`); or the slow interpreter that they are tested against. Native code has WebAssembly's bits.
   */
  backend?: "wasm" | "interpret" | NativeLoader;
  /** B copies that share weights, each with its own state, inputs and parameters; default 1. */
  instances?: number;
  /**
   * Seed of all noise, default 0. One number gives every instance its own noise (instance 0 that of a single run); an
   * array of B seeds sets each, and equal seeds give equal noise.
   */
  seed?: number | readonly number[];
  /** Parameters that differ between instances: `"population.parameter"` → shape `(instance)` or `(unit, instance)`. */
  parameters?: Readonly<Record<string, ArrayLike<number>>>;
  /**
   * Factors on weighted sums: `"population.target"` → one number, or shape `(instance)`. With weights of spectral
   * radius 1 this is the spectral radius; a sweep over it is one run with as many instances.
   */
  gains?: Readonly<Record<string, number | ArrayLike<number>>>;
  /**
   * Pass over silent units in sums, where that changes no bit: in sums of variables that are 0 or 1, and in plastic
   * sums. Default true; false is the plain path that it is tested against. Learning rules always pass over them.
   */
  events?: boolean;
}

/** Options with every default filled in. */
export type ResolvedOptions = Required<Omit<SimulationOptions, "seed">> & {
  /** Name of each instance's random streams. */
  streams: string[];
  /** Instances in memory: 1, or a multiple of 4. */
  stride: number;
};

/** Defaults filled, values checked. @throws CajalError `bad-option`, `unknown-method`. */
export function resolveOptions(options: SimulationOptions): ResolvedOptions {
  const {
    dt = 1,
    method = "explicit",
    precision = "f64",
    backend = "wasm",
    instances = 1,
    parameters = {},
    gains = {},
    events = true,
  } = options;
  if (!(dt > 0) || !Number.isFinite(dt)) refuse(`dt must be above 0 ms, got ${dt}`);
  if (!Number.isInteger(instances) || instances < 1)
    refuse(`instances must be a whole number ≥ 1, got ${instances}`);
  if (methodOf(method) === undefined) refuse(`unknown method "${method}"`, suggest(method, METHOD_NAMES));
  if (precision !== "f64" && precision !== "f32") refuse(`precision must be f64 or f32, got "${precision}"`);
  if (backend !== "wasm" && backend !== "interpret" && typeof backend?.compile !== "function")
    refuse(`backend must be wasm, interpret or a loader of native code, got "${backend}"`);
  return {
    dt,
    method: methodOf(method)!,
    precision,
    backend,
    instances,
    parameters,
    gains,
    events,
    streams: streamNames(options.seed ?? 0, instances),
    stride: instances === 1 ? 1 : Math.ceil(instances / 4) * 4,
  };
}

/** Name of each instance's random streams. @throws CajalError `bad-option`. */
export function streamNames(seed: number | readonly number[], instances: number): string[] {
  const seeds = typeof seed === "number" ? [seed] : seed;
  if (typeof seed !== "number" && seed.length !== instances) {
    refuse(`${seed.length} seeds for ${instances} instances; give one number, or one per instance`);
  }
  for (const s of seeds) {
    if (!Number.isSafeInteger(s) || s < 0) refuse(`seed must be a whole number from 0 to 2^53 - 1, got ${s}`);
  }
  if (typeof seed !== "number") return seed.map(String);
  return Array.from({ length: instances }, (_, b) => (b === 0 ? `${seed}` : `${seed}/instance-${b}`));
}

// Implementation

function refuse(what: string, hint?: string): never {
  throw new CajalError(what, { code: "bad-option", where: "simulate", ...(hint ? { hint } : {}) });
}
