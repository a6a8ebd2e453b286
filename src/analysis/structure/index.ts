export * from "./connection-phases.ts";
export * from "./degrees.ts";
export * from "./lifetime-density.ts";
export * from "./survival.ts";
export * from "./turnover.ts";
export * from "./weight-change.ts";
export {
  WEIGHT_FAMILIES,
  type WeightDistribution,
  type WeightFamily,
  weightCdf,
  weightDensity,
} from "./weight-families.ts";
export * from "./weight-fit.ts";
