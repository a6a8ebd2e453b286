/**
 * @file The table that native gradients look numbers up in, and what all their parts are printed with.
 */

import type { VectorBytes } from "../../compiler/index.ts";
import type { GradientPlan } from "./gradient-plan.ts";

/** What parts are printed with. */
export interface Printing {
  plan: GradientPlan;
  /** Bytes of the widest vectors. */
  widest: VectorBytes;
  /** Put a number into the table; gives the C expression that looks it up. */
  entry: (value: number) => string;
}

/** Places in the table of what differs from call to call: addresses, steps, bytes from step to step. */
export const ENTRY = { frame: 0, ring: 1, source: 2, out: 3, steps: 4, xPitch: 5 } as const;
/** C expression of such a number. */
export const at = (name: keyof typeof ENTRY) => `a[${ENTRY[name]}]`;
