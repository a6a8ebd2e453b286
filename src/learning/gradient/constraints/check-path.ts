/**
 * @file Whether what goes in can come out: a readout that no chain of synapses leads to from any input can learn nothing
 * of it.
 */

import { plural, warn } from "../../../core/index.ts";
import type { WeightConstraint } from "./weight-constraint.ts";

/** Input, recurrent and readout weights of a network. Shape of storage `(post, pre)`. */
export type PathParts = Readonly<Record<"in" | "rec" | "out", WeightConstraint>>;

/** Warns (`no-path`) of outputs that no input reaches; a network that is to go on by itself may be meant so. */
export function checkPath({ in: input, rec, out }: PathParts): void {
  const reached = new Uint8Array(rec.post);
  const found: number[] = [];
  const reach = (unit: number) => {
    if (reached[unit] === 0) found.push(unit);
    reached[unit] = 1;
  };
  for (let i = 0; i < rec.post; i++) if (hearsAny(input, i)) reach(i);
  for (let next = found.pop(); next !== undefined; next = found.pop()) {
    for (let i = 0; i < rec.post; i++) if (isThere(rec, i * rec.pre + next)) reach(i);
  }
  const lost = Array.from({ length: out.post }, (_, k) => k).filter((k) => !hearsAny(out, k, reached));
  if (lost.length === 0) return;
  const shown = lost.slice(0, 5).join(", ") + (lost.length > 5 ? ", …" : "");
  warn(
    "no-path",
    `no chain of synapses leads from any input to ${plural(lost.length, "output")} of ${out.post}: ${shown}. ` +
      "Raise densities between the parts that get inputs and those that are read out, or choose other parts.",
  );
}

// Implementation

const isThere = ({ plastic, fixed }: WeightConstraint, k: number) =>
  plastic[k] === 1 || (fixed !== undefined && fixed[k] !== 0);

/** Whether a unit has a synapse, from one of `sources` if they are given. */
function hearsAny(constraint: WeightConstraint, unit: number, sources?: Uint8Array): boolean {
  for (let j = 0; j < constraint.pre; j++) {
    if (isThere(constraint, unit * constraint.pre + j) && sources?.[j] !== 0) return true;
  }
  return false;
}
