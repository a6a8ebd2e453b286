export * from "./autocorrelation.ts";
export * from "./fano-factor.ts";
export * from "./hamming.ts";
export * from "./hamming-divergence.ts";
export * from "./interval-fit.ts";
export * from "./intervals.ts";
export * from "./irregularity.ts";
export * from "./pair-correlations.ts";
export {
  activeUnits,
  activity,
  type Raster,
  rasterBit,
  rasterFromDense,
  rasterWindow,
  rowBytes,
  spikeCounts,
  spikeTimes,
  spikeTrains,
} from "./raster.ts";
export * from "./raster-surrogates.ts";
export { firingRates, type RateOptions, unitWindowCounts, windowCounts } from "./rates.ts";
export * from "./smoothness.ts";
export * from "./source-entropy.ts";
