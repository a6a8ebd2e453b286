/**
 * @file The public door of Cajal: everything a script needs, in one import.
 */

export * from "./analysis/index.ts";
export * from "./connectome/index.ts";
export {
  CajalError,
  createRng,
  dense,
  denseFromRows,
  onWarning,
  type Rng,
  sparseFromEntries,
  toDense,
  toSparse,
} from "./core/index.ts";
export * from "./engine/index.ts";
export * from "./learning/index.ts";
export * from "./model/index.ts";
export * from "./tasks/index.ts";
