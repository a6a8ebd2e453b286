/**
 * @file What a Python has and how fast its BLAS multiplies. OpenBLAS does not know every new processor and falls back to
 * old kernels, so it is tried with several; which are fastest depends on the product.
 */

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { environment } from "./peer-process.ts";

/** Kernels for OpenBLAS to try, its own choice and the user's first. */
export const CORE_TYPES: readonly string[] = [
  ...new Set(["", process.env.OPENBLAS_CORETYPE ?? "", "Haswell", "Zen", "SkylakeX", "Cooperlake"]),
];

/** Versions by name, null for what is not installed. */
export type Versions = Record<string, string | null>;

/** A Python's NumPy with some kernels. */
export interface NumpyProbe {
  versions: Versions;
  /** BLAS and the kernels it runs. */
  blas: string;
  coreType: string;
  /** Of x @ W at N = 1000, and of 500 × 500 by 500 × 500, in f64 [s]. */
  speeds: Record<Product, number>;
}

/** Products that scripts spend their time in. */
export type Product = "vector" | "matrix";

/** A Python's PyTorch with some kernels. */
export interface TorchProbe {
  versions: Versions;
  blas: string;
  /** Null where the BLAS does not tell. */
  kernels: string | null;
  coreType: string;
  /** Of products of training (256 or 440 units, 128 trials) in f32 [1/s]. */
  rate: number;
}

/** Undefined without NumPy, or when the processor cannot run these kernels. */
export function probeNumpy(python: string, folder: string, coreType: string): NumpyProbe | undefined {
  return probe<NumpyProbe>(python, [join(folder, "versions.py")], coreType);
}

/** Undefined without PyTorch, or when the processor cannot run these kernels. */
export function probeTorch(python: string, folder: string, coreType: string): TorchProbe | undefined {
  return probe<TorchProbe>(python, [join(folder, "versions.py"), "torch"], coreType);
}

/** The one that takes least; the first, its own choice, stands unless another is clearly faster. */
export function fastest<Probe>(
  probes: readonly Probe[],
  seconds: (probe: Probe) => number,
): Probe | undefined {
  return probes.reduce<Probe | undefined>(
    (best, probe) => (best === undefined || seconds(probe) < 0.97 * seconds(best) ? probe : best),
    undefined,
  );
}

// Implementation

function probe<Probe>(
  python: string,
  arguments_: readonly string[],
  coreType: string,
): (Probe & { coreType: string }) | undefined {
  const { status, stdout } = spawnSync(python, arguments_, {
    encoding: "utf8",
    env: environment(coreType),
    stdio: ["ignore", "pipe", "ignore"],
    timeout: 120_000,
  });
  return status === 0 ? { ...JSON.parse(stdout), coreType } : undefined;
}
