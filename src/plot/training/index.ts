/**
 * @file Figures of networks that are trained: learning curves, trials, weights, spectra, choices and trajectories.
 */

export * from "./choice-curves.ts";
export * from "./eigenvalue-spectrum.ts";
export * from "./loss-comparison.ts";
export * from "./ordered-weights.ts";
export { type Repeat, type RepeatBand, repeatBand } from "./repeat-band.ts";
export * from "./selectivity-histogram.ts";
export * from "./setting-grid.ts";
export * from "./signed-weights.ts";
export * from "./state-plane.ts";
export * from "./training-history.ts";
export * from "./trial-picture.ts";
export type { PlainMatrix, UnitOrder } from "./unit-groups.ts";
