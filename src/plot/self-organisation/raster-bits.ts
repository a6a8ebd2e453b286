/**
 * @file Spikes as they are recorded, turned into a coarse grid no finer than the page.
 */

import { refuse } from "../checks.ts";

/** Spikes as a list of events, or packed into bits. */
export type SpikeData =
  | {
      kind: "list";
      /** Step of each spike, counted as `firstStep` is, shape `(spike)`. */
      step: ArrayLike<number>;
      /** Unit of each spike, 0 … units − 1, shape `(spike)`. */
      unit: ArrayLike<number>;
    }
  | {
      kind: "bits";
      /** A row of ceil(units / 8) bytes for each step; unit u at bit u & 7 of byte u >> 3. */
      rows: Uint8Array;
    };

/** A stretch of spikes. */
export interface SpikeWindow {
  units: number;
  /** Step of the first row. */
  firstStep: number;
  /** First step shown, and the one after the last. */
  from: number;
  to: number;
}

/** Call `visit` for each spike of the window, with its step counted from `from`. @throws CajalError `out-of-range`, `shape`. */
export function eachSpike(
  spikes: SpikeData,
  { units, firstStep, from, to }: SpikeWindow,
  visit: (step: number, unit: number) => void,
): void {
  if (spikes.kind === "list") {
    for (let k = 0; k < spikes.step.length; k++) {
      const unit = spikes.unit[k];
      if (!(unit >= 0 && unit < units)) {
        refuse("rasterFigure", `spike ${k} is of unit ${unit}, there are ${units}`, "out-of-range");
      }
      if (spikes.step[k] >= from && spikes.step[k] < to) visit(spikes.step[k] - from, unit);
    }
    return;
  }
  const bytes = Math.ceil(units / 8);
  if (spikes.rows.length < (to - firstStep) * bytes) {
    refuse(
      "rasterFigure",
      `${spikes.rows.length} bytes do not hold ${to - firstStep} steps of ${units} units`,
      "shape",
      `A step takes ceil(units / 8) = ${bytes} bytes.`,
    );
  }
  for (let t = from; t < to; t++) {
    const row = (t - firstStep) * bytes;
    for (let b = 0; b < bytes; b++) {
      const byte = spikes.rows[row + b];
      for (let bit = 0; byte >> bit; bit++) {
        if ((byte >> bit) & 1 && b * 8 + bit < units) visit(t - from, b * 8 + bit);
      }
    }
  }
}

/** Which cells of a grid show a spike, and how many units fired at each step. */
export interface SpikeGrid {
  /** Steps from one column to the next, and units from one row to the next. */
  stepsPerColumn: number;
  unitsPerRow: number;
  columns: number;
  rows: number;
  /** 1 where a spike lies, shape `(row, column)`. */
  cells: Uint8Array;
  /** Shape `(step)`. */
  activity: Float64Array;
}

/**
 * Spikes of a window in cells of at least `smallest` pixels. Where there are more steps (or units) than cells, each cell
 * shows one of them: any spike of many would paint the page black.
 */
export function spikeGrid(
  spikes: SpikeData,
  window: SpikeWindow,
  { width, height, smallest }: { width: number; height: number; smallest: number },
): SpikeGrid {
  const steps = window.to - window.from;
  const stepsPerColumn = Math.max(1, Math.ceil((steps * smallest) / width));
  const unitsPerRow = Math.max(1, Math.ceil((window.units * smallest) / height));
  const columns = Math.ceil(steps / stepsPerColumn);
  const rows = Math.ceil(window.units / unitsPerRow);
  const cells = new Uint8Array(rows * columns);
  const activity = new Float64Array(steps);
  eachSpike(spikes, window, (step, unit) => {
    activity[step] += 1;
    if (step % stepsPerColumn === 0 && unit % unitsPerRow === 0) {
      cells[(unit / unitsPerRow) * columns + step / stepsPerColumn] = 1;
    }
  });
  return { stepsPerColumn, unitsPerRow, columns, rows, cells, activity };
}

/**
 * All filled cells as one path, cell (row r, column c) around (c, r); moves are relative, which halves its length.
 *
 * @param length - Length of a dot, 0–1 of a cell; at 1 neighbours of a row join into one piece.
 */
export function gridPath({ rows, columns, cells }: SpikeGrid, length: number): string {
  const hundredths = Math.round(100 * length);
  let d = "";
  for (let r = 0; r < rows; r++) {
    let at = -1;
    for (let c = 0; c < columns; c++) {
      if (!cells[r * columns + c]) continue;
      const start = c;
      if (hundredths === 100) while (c + 1 < columns && cells[r * columns + c + 1]) c += 1;
      d += at < 0 ? `M${start} ${r}` : `m${short(100 * start - at)} 0`;
      const run = hundredths === 100 ? 100 * (c + 1 - start) : hundredths;
      d += `h${short(run)}`;
      at = 100 * start + run;
    }
  }
  return d;
}

// Implementation

/** Hundredths as a number without leading zero. */
function short(hundredths: number): string {
  return String(hundredths / 100).replace(/^0\./, ".");
}
