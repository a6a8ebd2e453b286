/**
 * @file What all SORN presets take.
 */

import { CajalError, type Matrix } from "../../core/index.ts";
import type { SornParts } from "./sorn-network.ts";

/** Options of a preset; what is left out is as published. */
export interface SornOptions {
  /** Excitatory units, default 200; there are a fifth as many inhibitory ones. */
  units?: number;
  /** Weights of the inputs onto the excitatory units, shape `(unit, input)`; default none. */
  inputWeights?: Matrix;
  /** Anything of the model, in place of what the preset says. */
  change?: Partial<SornParts>;
}

/** Inhibitory units that go with so many excitatory ones. */
export function inhibitoryUnits(units: number): number {
  return Math.max(2, Math.round(units / 5));
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
