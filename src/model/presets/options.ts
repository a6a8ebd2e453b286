/**
 * @file What all SORN presets take.
 */

import { CajalError, type Matrix } from "../../core/index.ts";
import type { SornParts } from "./sorn-network.ts";

/** Options of a preset; what is left out is as published. */
export interface SornOptions {
  /** Excitatory units, default 200 or those of `excitatoryWeights`; there are a fifth as many inhibitory ones. */
  units?: number;
  /**
   * E→E weights to start from, such as those of a connectome, shape `(post, pre)`: all ≥ 0; self-connections are left
   * out and each unit's incoming weights are scaled to sum to 1. Default: random wiring as published.
   */
  excitatoryWeights?: Matrix;
  /** Weights of the inputs onto the excitatory units, shape `(unit, input)`; default none. */
  inputWeights?: Matrix;
  /** Anything of the model, in place of what the preset says. */
  change?: Partial<SornParts>;
}

/** Inhibitory units that go with so many excitatory ones. */
export function inhibitoryUnits(units: number): number {
  return Math.max(2, Math.round(units / 5));
}

/** Excitatory units of the options. @throws CajalError `shape`. */
export function unitsOf(preset: string, { units, excitatoryWeights: w }: SornOptions): number {
  const size = units ?? w?.rows ?? 200;
  if (w && (w.rows !== size || w.columns !== size)) {
    throw new CajalError(`excitatory weights are ${w.rows} × ${w.columns}, wanted ${size} × ${size}`, {
      code: "shape",
      where: preset,
      hint: "Leave out units, or give a square matrix for them.",
    });
  }
  return size;
}

/** @throws CajalError `shape` when the input weights are not for these units. */
export function checkInput(preset: string, { inputWeights }: SornOptions, units: number): void {
  if (inputWeights === undefined || inputWeights.rows === units) return;
  throw new CajalError(`input weights are for ${inputWeights.rows} units, the network has ${units}`, {
    code: "shape",
    where: preset,
    hint: "Give shape (unit, input): one row for every excitatory unit.",
  });
}
