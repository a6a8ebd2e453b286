/**
 * @file Fit windows by size of the network, as Del Papa, Priesemann & Triesch (2017) used them for self-organising
 * networks at a mean activity of 10 %.
 */

import { CajalError } from "../../core/index.ts";
import { checkWindow, type FitWindow } from "./integer-histogram.ts";

/** Windows of the two fits. */
export interface AvalancheWindows {
  /** Of durations T [steps]. */
  duration: FitWindow;
  /** Of sizes S [units × steps]. */
  size: FitWindow;
}

/** Windows for 50, 100, 200, 400 and 800 excitatory units. */
export const DEFAULT_WINDOWS: Readonly<Record<number, AvalancheWindows>> = {
  50: { duration: [2, 10], size: [3, 100] },
  100: { duration: [4, 30], size: [4, 200] },
  200: { duration: [6, 60], size: [10, 1500] },
  400: { duration: [8, 100], size: [30, 3000] },
  800: { duration: [10, 150], size: [70, 7000] },
};

/**
 * Windows for a network of `units` excitatory units.
 *
 * @throws CajalError `no-default-windows` for sizes outside the table: a window is a choice that needs a reason.
 */
export function defaultWindows(units: number): AvalancheWindows {
  const windows = DEFAULT_WINDOWS[units];
  if (windows) return windows;
  throw new CajalError(`there are no default fit windows for ${units} units`, {
    code: "no-default-windows",
    where: "defaultWindows",
    hint: `Give windows: { duration: [min, max], size: [min, max] }. Known sizes: ${Object.keys(DEFAULT_WINDOWS).join(", ")}.`,
  });
}

/** @throws CajalError `bad-window`. */
export function checkWindows({ duration, size }: AvalancheWindows, where: string): void {
  checkWindow(duration, `${where}, windows.duration`);
  checkWindow(size, `${where}, windows.size`);
}
