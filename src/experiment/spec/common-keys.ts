/**
 * @file Keys that every kind of experiment file has: its name, its seed, how often it is repeated.
 */

import { z } from "zod";

/** `name`, with what it is when left out. */
export const nameKey = (fallback: string) =>
  z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/)
    .max(80)
    .default(fallback)
    .meta({ description: "Name of the experiment and of its folder under runs/: letters, digits, . _ -" });

/** `seed`. */
export const seedKey = z.int().min(0).max(Number.MAX_SAFE_INTEGER).default(1).meta({
  description: "Root of all randomness, a whole number ≥ 0. The same seed gives the same bits.",
});

/** `repeat`; what a repeat draws anew depends on the kind. */
export const repeatKey = (description: string) =>
  z.int().min(1).max(100_000).default(1).meta({ description });
