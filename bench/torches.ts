/**
 * @file PyTorches to train beside: one of every Python that has one, each with the kernels its BLAS multiplies f32
 * matrices fastest with. PyPI's build brings MKL, a distribution's takes the system's BLAS, and they differ by two.
 */

import { CORE_TYPES, fastest, probeTorch, type TorchProbe } from "./peer-probe.ts";
import type { Peer } from "./peer-process.ts";

/** A PyTorch of this machine. */
export interface Torch extends TorchProbe {
  /** Tells it from the others: its version and BLAS. */
  name: string;
  python: string;
  /** Kernels that were tried. */
  tried: readonly string[];
}

/** A script on a PyTorch. */
export interface RunningTorch {
  name: string;
  /** What multiplies for it. */
  blas: string;
  peer: Peer;
}

/** All of them, the fastest first; of two that are alike the first. */
export function findTorches(pythons: readonly string[], folder: string): Torch[] {
  const found = new Map<string, Torch>();
  for (const python of pythons) {
    const own = probeTorch(python, folder, "");
    if (own === undefined) continue;
    // Another BLAS does not read what OpenBLAS is told.
    const others = own.blas.startsWith("OpenBLAS") ? CORE_TYPES.filter((type) => type !== "") : [];
    const probes = [own, ...others.map((type) => probeTorch(python, folder, type))];
    const all = probes.filter((probe) => probe !== undefined);
    const best = fastest(all, ({ rate }) => 1 / rate)!;
    const name = `torch ${best.versions.torch?.split("+")[0]} (${best.blas.split(" ")[0]})`;
    const tried = all.map(
      ({ kernels, rate, coreType }) => `${coreType === "" ? "by itself " : ""}${kernels} ${gigaflops(rate)}`,
    );
    if (!found.has(name)) found.set(name, { ...best, name, python, tried });
  }
  return [...found.values()].sort((a, b) => b.rate - a.rate);
}

/** A line for the head of the report. */
export function describeTorch({ versions, blas, kernels, coreType, rate, tried }: Torch): string {
  const told = coreType ? `, OPENBLAS_CORETYPE=${coreType}` : "";
  const choice = kernels ? `, kernels for ${kernels}${told} (tried: ${tried.join(", ")})` : "";
  const nn4n = versions.nn4n === null ? ", no nn4n" : `, nn4n ${versions.nn4n}`;
  return `torch ${versions.torch} of Python ${versions.python}: ${blas}${choice}, ${gigaflops(rate)} GFLOP/s in f32, one thread${nn4n}`;
}

// Implementation

const gigaflops = (rate: number) => Math.round(rate / 1e9);
