/**
 * @file What a wrong input is, and the good experiment that wrong ones are made of.
 */

import { worm } from "../cajal-process.ts";

/** One wrong input: the files and the options as a user would have them, and what the screen must say. */
export interface Wrong {
  what: string;
  /** Text of `e.yaml`; default: a good experiment. */
  yaml?: string;
  /** Further files. */
  files?: Record<string, string | Uint8Array>;
  /** Command line behind `run`; default: `e.yaml --out r`. */
  args?: string[];
  /** Stretches of the screen, in this order. */
  says: string[];
}

/** The good experiment. */
export const WORM = worm();

/** The good experiment with one stretch changed. */
export function change(from: string, to: string): string {
  if (!WORM.includes(from)) throw new Error(`the experiment has no "${from}"`);
  return WORM.replace(from, to);
}

/** An experiment on a file, with 0.9 as its spectral radius. */
export const onFile = (connectome: string) => `connectome: ${connectome}
task: { kind: memory-capacity, steps: 600, maxDelay: 10, washout: 100 }
network: { spectralRadius: 0.9 }
`;
