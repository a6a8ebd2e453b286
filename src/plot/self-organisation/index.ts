/**
 * @file Figures of networks that organise themselves: activity, structure, avalanches, tasks and control.
 */

export * from "./activity-histogram.ts";
export * from "./avalanche-figure.ts";
export * from "./connection-fraction.ts";
export * from "./correlation-graph.ts";
export * from "./correlation-matrix.ts";
export * from "./degree-figure.ts";
export type { Distribution } from "./density.ts";
export * from "./divergence-figure.ts";
export * from "./exponent-spread.ts";
export * from "./interval-figure.ts";
export * from "./learning-curve.ts";
export type { PowerLawLine } from "./power-law-line.ts";
export type { SpikeData } from "./raster-bits.ts";
export * from "./raster-figure.ts";
export * from "./survival-figure.ts";
export * from "./task-scores.ts";
export * from "./turnover-figure.ts";
export * from "./weight-change.ts";
export * from "./weight-distribution.ts";
