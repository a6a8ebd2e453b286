/**
 * @file Sparse weights once more, in groups of rows as native products read them, behind the memory of the WebAssembly
 * backend, which has its own order of them.
 */

import type { VectorBytes } from "../../compiler/index.ts";
import { columnBlocks, elementBytes, groupRows, type RowGroups, rowsTogether } from "../kernels/index.ts";
import { MAXIMUM_BYTES, type PlannedProjection, type RunPlan } from "../plan.ts";

/** Grouped weights and the addresses of their arrays. */
export interface PlacedGroups extends RowGroups {
  address: { segments: number; column: number; values: number };
}

/** The grouped weights of a plan. */
export interface NativeWeights {
  /** By projection; undefined where rows are not grouped. */
  groups: (PlacedGroups | undefined)[];
  /** Size of the memory that holds them too [bytes]. */
  bytes: number;
}

/** Group the rows of a plan's sparse weights, where that helps and memory allows. */
export function planNativeWeights(plan: RunPlan, widest: VectorBytes): NativeWeights {
  let { bytes } = plan;
  const groups = plan.projections.map((p) => {
    const grouped = groupProjection(p, plan, widest);
    if (grouped === undefined) return undefined;
    const place = (values: ArrayBufferView) => {
      const address = Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
      bytes = address + values.byteLength;
      return address;
    };
    const before = bytes;
    const { segments, column, values } = grouped;
    const address = { segments: place(segments), column: place(column), values: place(values) };
    if (bytes <= MAXIMUM_BYTES) return { ...grouped, address };
    bytes = before;
    return undefined;
  });
  return { groups, bytes };
}

/** Write grouped weights to their place. */
export function placeNativeWeights({ groups }: NativeWeights, memory: Uint8Array): void {
  for (const g of groups) {
    if (g === undefined) continue;
    for (const array of ["segments", "column", "values"] as const) {
      const { buffer, byteOffset, byteLength } = g[array];
      memory.set(new Uint8Array(buffer, byteOffset, byteLength), g.address[array]);
    }
  }
}

// Implementation

/** Arrays begin on cache lines. */
const ALIGNMENT = 64;

function groupProjection(
  { weights, projection, accumulate }: PlannedProjection,
  { options }: RunPlan,
  widest: VectorBytes,
): RowGroups | undefined {
  const { precision, stride } = options;
  const together = rowsTogether({ precision, stride, accumulate, widest });
  if (weights.kind !== "sparse" || together === 1) return undefined;
  // A sum that is added to others is whole when it is added.
  const blocks = accumulate ? 1 : columnBlocks(projection.weights.columns * stride * elementBytes(precision));
  return groupRows(weights.packed, { precision, stride, together, blocks });
}
