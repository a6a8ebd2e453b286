/**
 * @file First-order optimisers as plain data: a specification, a state, and one function that takes a step in place.
 * Each step is PyTorch's formula, operation for operation (torch.optim, single-tensor path).
 */

import { CajalError, suggest } from "../../../core/index.ts";
import { checkGradients, checkNumber, type ParameterSet } from "../parameters.ts";
import { type AdamOptions, adamStep, checkAdam } from "./adam.ts";
import { checkRmsprop, type RmspropOptions, rmspropStep } from "./rmsprop.ts";
import { checkSgd, type SgdOptions, sgdStep } from "./sgd.ts";
import type { Slots, Tensor } from "./tensor.ts";

/** What may differ between parameters. */
export interface ParameterOverride {
  /** Factor on the learning rate, ≥ 0, default 1. 0 freezes the parameter, decay included. */
  learningRateScale?: number;
  /** In place of the optimiser's own, e.g. 0 for biases. */
  weightDecay?: number;
}

interface Common {
  /** Step size, > 0; what a schedule multiplies. */
  learningRate: number;
  /** Exceptions by parameter name. */
  overrides?: Readonly<Record<string, ParameterOverride>>;
}

/** An optimiser as an experiment file holds it. Defaults are PyTorch's. */
export type OptimiserSpec = Common &
  (
    | ({ kind: "sgd" } & SgdOptions)
    | ({ kind: "rmsprop" } & RmspropOptions)
    | ({ kind: "adam" } & AdamOptions)
    | ({ kind: "adamw" } & AdamOptions)
  );

/** Kinds of optimisers, for schemas and messages. */
export const OPTIMISER_KINDS = ["sgd", "rmsprop", "adam", "adamw"] as const;

/** All an optimiser remembers; plain data, so that a run can be saved and gone on with bit for bit. */
export interface OptimiserState {
  kind: OptimiserSpec["kind"];
  /** Steps taken. */
  steps: number;
  /** By parameter name. Averages that were not needed yet are missing. */
  slots: Record<string, Slots>;
}

/**
 * State before the first step.
 *
 * @throws CajalError `unknown-optimiser`, `bad-range`, `unknown-parameter`.
 * @example const state = createOptimiser({ kind: "adam", learningRate: 1e-3 }, { wRec, bias });
 */
export function createOptimiser(spec: OptimiserSpec, parameters: ParameterSet): OptimiserState {
  checkOptimiser(spec);
  const names = Object.keys(parameters);
  for (const name of Object.keys(spec.overrides ?? {})) {
    if (!names.includes(name)) {
      throw new CajalError(`overrides names no parameter "${name}"`, {
        code: "unknown-parameter",
        where: `optimiser "${spec.kind}"`,
        hint: suggest(name, names),
      });
    }
  }
  return { kind: spec.kind, steps: 0, slots: Object.fromEntries(names.map((name) => [name, {}])) };
}

/**
 * One step: parameters and state change in place, gradients stay as they are.
 *
 * @param gradients - dL/dθ by name, same lengths as the parameters.
 * @param options.learningRate - In place of the one of `spec`, as a schedule gives it.
 * @throws CajalError `gradient-missing`, `gradient-length`, `optimiser-state`.
 */
export function optimiserStep(
  spec: OptimiserSpec,
  state: OptimiserState,
  { parameters, gradients, learningRate = spec.learningRate }: StepInput,
): void {
  const names = checkGradients(parameters, gradients, "optimiserStep");
  checkState(spec, state, names);
  state.steps++;
  for (const name of names) {
    const { learningRateScale = 1, weightDecay } = spec.overrides?.[name] ?? {};
    if (learningRateScale === 0) continue;
    const tensor: Tensor = {
      values: parameters[name],
      gradient: gradients[name],
      slots: state.slots[name],
      rate: learningRate * learningRateScale,
      steps: state.steps,
    };
    stepTensor(weightDecay === undefined ? spec : { ...spec, weightDecay }, tensor);
  }
}

/** What {@link optimiserStep} works on. */
export interface StepInput {
  parameters: ParameterSet;
  gradients: ParameterSet;
  learningRate?: number;
}

/** @throws CajalError `unknown-optimiser`, `bad-range`, `bad-nesterov`. */
export function checkOptimiser(spec: OptimiserSpec): void {
  const where = `optimiser "${spec.kind}"`;
  if (!OPTIMISER_KINDS.includes(spec.kind)) {
    throw new CajalError(`unknown optimiser "${spec.kind}"`, {
      code: "unknown-optimiser",
      where: "optimiser",
      hint: suggest(String(spec.kind), OPTIMISER_KINDS),
    });
  }
  checkNumber(spec.learningRate, "learningRate", { where, above: 0 });
  checkNumber(spec.weightDecay ?? 0, "weightDecay", { where, least: 0 });
  for (const [name, { learningRateScale = 1, weightDecay = 0 }] of Object.entries(spec.overrides ?? {})) {
    checkNumber(learningRateScale, `learningRateScale of "${name}"`, { where, least: 0 });
    checkNumber(weightDecay, `weightDecay of "${name}"`, { where, least: 0 });
  }
  if (spec.kind === "sgd") checkSgd(spec, where);
  else if (spec.kind === "rmsprop") checkRmsprop(spec, where);
  else checkAdam(spec, where);
}

// Implementation

function checkState(spec: OptimiserSpec, state: OptimiserState, names: readonly string[]): void {
  const missing = names.find((name) => !state.slots[name]);
  if (state.kind === spec.kind && missing === undefined) return;
  const what =
    missing === undefined
      ? `the state is that of "${state.kind}", the optimiser is "${spec.kind}"`
      : `the state knows no parameter "${missing}"`;
  throw new CajalError(what, {
    code: "optimiser-state",
    where: "optimiserStep",
    hint: "Make it with createOptimiser for the same specification and parameters.",
  });
}

function stepTensor(spec: OptimiserSpec, tensor: Tensor): void {
  if (spec.kind === "sgd") sgdStep(spec, tensor);
  else if (spec.kind === "rmsprop") rmspropStep(spec, tensor);
  else if (spec.kind === "adam") adamStep({ ...spec, decoupled: false }, tensor);
  else adamStep({ ...spec, weightDecay: spec.weightDecay ?? 0.01, decoupled: true }, tensor);
}
