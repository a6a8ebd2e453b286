export { addDenseProduct } from "./dense-product.ts";
export { addEventProduct, type PackedEvents, packEvents } from "./event-product.ts";
export { aheadLength, areTakenAhead, printAheadOfStep, printFusedAhead } from "./fused-ahead.ts";
export { areFew, printFusedFew, printFusedFewBack } from "./fused-few.ts";
export { type ColumnMasks, columnMasks, printFusedMasked } from "./fused-masked.ts";
export { printFusedMaskedOuter } from "./fused-masked-outer.ts";
export { printFusedOuter } from "./fused-outer-products.ts";
export { printFusedDense, printFusedSparse } from "./fused-products.ts";
export { printFusedSparseOuter } from "./fused-sparse-outer.ts";
export { type GatherOptions, gatherBlock } from "./gather-block.ts";
export { MomentsAccumulator, type MomentsOptions } from "./moments.ts";
export { printDenseProduct, printSparseProduct } from "./native-products.ts";
export { columnBlocks, printGroupedProduct, rowsTogether } from "./native-row-groups.ts";
export type { NativeProductOptions } from "./native-tile.ts";
export { printReorder, printTurn } from "./native-turn.ts";
export { printAllZero } from "./native-zero.ts";
export {
  elementBytes,
  type FloatArray,
  floatArray,
  type Layout,
  type Precision,
  type ProductOptions,
  panelRows,
  type ReductionKind,
  type ReductionOptions,
} from "./options.ts";
export { addOuterProduct, addSparseOuterProduct } from "./outer-product.ts";
export { referenceOuterProduct, referenceSparseOuterProduct } from "./outer-reference.ts";
export { type PackedSparse, packDense, packedDenseLength, packSparse } from "./pack.ts";
export * from "./plastic/index.ts";
export { addReduction } from "./reduction.ts";
export {
  type DenseProduct,
  type Reduction,
  referenceDenseProduct,
  referenceReduction,
  referenceSparseProduct,
  type SparseProduct,
} from "./reference.ts";
export { groupRows, type RowGroups } from "./row-groups.ts";
export { addSparseProduct } from "./sparse-product.ts";
export { addAddTo, addClear } from "./vectors.ts";
