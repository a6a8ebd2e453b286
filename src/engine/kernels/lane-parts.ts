/**
 * @file A row of instances in vectors of one kind each, as C needs them: the widest as far as they go, then narrower ones.
 */

import { type VectorType, vectorType } from "../../compiler/index.ts";
import type { FusedOptions } from "./fused-code.ts";
import { elementBytes } from "./options.ts";

/** Part of a row of instances, in vectors of one kind. */
export interface LanePart {
  type: VectorType;
  /** Bytes from the start of the row. */
  from: number;
  to: number;
}

/** The parts of a row. */
export function laneParts({ precision, stride, widest }: FusedOptions): LanePart[] {
  const bytes = stride * elementBytes(precision);
  const whole = Math.floor(bytes / widest) * widest;
  const parts: LanePart[] = whole > 0 ? [{ type: vectorType(precision, widest), from: 0, to: whole }] : [];
  if (whole < bytes) {
    const fits = ([32, 16] as const).find((w) => w < widest && (bytes - whole) % w === 0)!;
    parts.push({ type: vectorType(precision, fits), from: whole, to: bytes });
  }
  return parts;
}
