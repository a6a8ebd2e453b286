/**
 * @file Door of training by gradient: optimisers, losses, constraints and initial weights, on plain typed arrays.
 */

export type { AdamOptions } from "./optimisers/adam.ts";
export * from "./optimisers/clip.ts";
export * from "./optimisers/optimiser.ts";
export type { RmspropOptions } from "./optimisers/rmsprop.ts";
export * from "./optimisers/save-optimiser.ts";
export * from "./optimisers/schedule.ts";
export type { SgdOptions } from "./optimisers/sgd.ts";
export type { Slots } from "./optimisers/tensor.ts";
export { type ParameterSet, type Values, zeroGradients } from "./parameters.ts";
