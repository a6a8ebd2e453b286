/**
 * @file Door of `cajal/connectome`: the value, its readers, summary, selection and transforms.
 */

export * from "./catalog/catalog.ts";
export * from "./catalog/data-file.ts";
export * from "./catalog/load-connectome.ts";
export * from "./components.ts";
export * from "./connectome.ts";
export * from "./expand/expand-areas.ts";
export * from "./expand/neuron-counts.ts";
export * from "./expand/partition.ts";
export * from "./expand/random-control.ts";
export * from "./expand/rank-remap.ts";
export * from "./induced-connectome.ts";
export * from "./io/csv.ts";
export type { Separator } from "./io/delimited.ts";
export * from "./io/edge-list.ts";
export { CONNECTOME_FORMATS, type ConnectomeFormat } from "./io/guess-format.ts";
export * from "./io/labels.ts";
export * from "./io/npy.ts";
export * from "./io/npz.ts";
export * from "./io/number-table.ts";
export * from "./io/read-connectome.ts";
export { decodeText } from "./io/text.ts";
export * from "./null-models/null-model.ts";
export * from "./null-models/rewire.ts";
export type { RewireReport } from "./null-models/rewire-edges.ts";
export * from "./select.ts";
export * from "./summary.ts";
export * from "./transforms/apply-transforms.ts";
export * from "./transforms/assign-signs.ts";
export * from "./transforms/binarize.ts";
export * from "./transforms/keep-nodes.ts";
export * from "./transforms/largest-component.ts";
export * from "./transforms/normalize-spectral-radius.ts";
export * from "./transforms/remove-self-loops.ts";
export * from "./transforms/scale-weights.ts";
export * from "./transforms/symmetrize.ts";
export * from "./transforms/threshold-density.ts";
