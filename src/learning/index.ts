export type { GcvPath } from "./readouts/gcv.ts";
export * from "./readouts/lasso.ts";
export { type LinearFitOptions, type LinearReadout, predict } from "./readouts/linear-readout.ts";
export * from "./readouts/ridge.ts";
export * from "./readouts/split.ts";
export * from "./readouts/training-moments.ts";
export * from "./reservoir/evaluate-reservoir.ts";
export * from "./reservoir/reservoir-network.ts";
