/**
 * @file What a network is shown, what it should answer, what it answers and what its units do: a column for each trial,
 * the borders of its periods through all rows.
 */

import { checkLengths, checkSome, rangeOf, refuse } from "../checks.ts";
import { type FigureOptions, figureWithKey } from "../described-figure.ts";
import { loadPlot } from "../figure-document.ts";
import { type LegendEntry, legendRows } from "../legend.ts";
import type { PanelAxis } from "../panel.ts";
import { COLOUR, MANY_COLOURS, pixelWidth } from "../style.ts";
import { linearTicks } from "../ticks.ts";
import { heatBar, heatBarWidth } from "./heat-bar.ts";
import { scaleFor } from "./heat-scale.ts";
import { drawTrials, type TrialRow } from "./trial-rows.ts";
import { unitRows } from "./unit-rows.ts";

/** One trial. */
export interface ShownTrial {
  /** What was varied, e.g. `evidence 12.8 %`. */
  title: string;
  /** A quieter line below the title. */
  note?: string;
  /** Steps; the arrays may be longer. */
  steps: number;
  periods: readonly { name: string; from: number; to: number }[];
  /** Shape `(time, channel)`. */
  inputs: ArrayLike<number>;
  /** Shape `(time, output)` each. */
  outputs: ArrayLike<number>;
  targets: ArrayLike<number>;
  /** How much each target counts; where it is 0 the output is free. */
  mask: ArrayLike<number>;
  /** Shape `(time, unit)`. */
  activity: ArrayLike<number>;
}

/** Trials of one network. */
export interface TrialPictureData {
  trials: readonly ShownTrial[];
  inputNames: readonly string[];
  outputNames: readonly string[];
  units: number;
  /** Step [ms]. */
  dt: number;
  /** What each unit is, shape `(unit)`, e.g. `E` and `I`; units of one type are drawn together. */
  unitTypes?: readonly string[];
  /** −1, 0 or 1, shape `(unit)`: types are then coloured by excitation and inhibition, as in the matrices. */
  signs?: ArrayLike<number>;
}

/** Look of the figure, and the order of the units. */
export interface TrialPictureOptions extends FigureOptions {
  /** Inside a type: by the time of the largest mean activity, or as they are. */
  sortUnits?: "peak" | "given";
  /** What outputs and activity are, e.g. `Output (softmax)`, `Rate`. */
  outputLabel?: string;
  activityLabel?: string;
}

/**
 * Trials as an SVG string: inputs, outputs with their targets (dashed, where they count), and the activity of all units
 * as a heat map. More than six inputs or outputs become heat maps, too.
 *
 * @throws CajalError `empty-figure`, `shape`, `bad-width`.
 * @example await trialPicture({ trials, inputNames, outputNames, units: 50, dt: 20 })
 */
export async function trialPicture(
  data: TrialPictureData,
  {
    width = "double",
    panelHeight = 5,
    title = "Trials",
    description,
    sortUnits = "peak",
    outputLabel = "Output",
    activityLabel = "Activity",
  }: TrialPictureOptions = {},
): Promise<string> {
  check(data);
  const { trials, dt, units } = data;
  const total = pixelWidth(width);
  const order = unitRows(data, sortUnits);
  const activity = scaleFor(rangeOf(trials.map((t) => shown(t.activity, t, units))));
  if (!activity)
    refuse(WHERE, "no finite activity to draw", "empty-figure", "Give at least one finite value.");
  const rows: TrialRow[] = [
    ...inputRows(data),
    ...outputRows(data, outputLabel),
    {
      kind: "heat",
      label: `Unit (${units})`,
      height: panelHeight,
      rows: units,
      of: (t) => t.activity,
      order: order.order,
      blocks: order.blocks,
      signs: data.signs,
      scale: activity,
      bar: activityLabel,
    },
  ];
  const seconds = Math.max(...trials.map((t) => t.steps * dt)) > 5000;
  const right = Math.max(10, ...rows.map((r) => (r.kind === "heat" ? heatBarWidth(r.scale) : 0)));
  const drawn = drawTrials(await loadPlot(), trials, {
    rows,
    width: total,
    right,
    step: seconds ? dt / 1000 : dt,
    // Tasks that count in items have steps of 1.
    timeLabel: seconds ? "Time (s)" : dt === 1 ? "Step" : "Time (ms)",
  });
  const bars = drawn.heats.map(({ row, right: edge, top, height }) =>
    heatBar(row.scale, { right: edge, top, height }, row.bar),
  );
  const key = legendRows(legend(data), total - 12, 12);
  const said = `${trials.length === 1 ? "A trial" : `${trials.length} trials`} (${trials.map((t) => t.title).join("; ")}): inputs, outputs with their targets, and the activity of ${units} units.`;
  return figureWithKey(
    { width: total, title, description: description ?? said },
    { ...drawn, markup: drawn.markup + bars.join("") },
    key,
  );
}

// Implementation

const WHERE = "trialPicture";
/** Lines in one panel that can be told apart. */
const MOST_LINES = 6;
function check({ trials, inputNames, outputNames, units }: TrialPictureData): void {
  checkSome(WHERE, trials, "trial");
  for (const [k, t] of trials.entries()) {
    const where = `${WHERE}: trial ${k}`;
    checkLengths(where, { outputs: t.outputs, targets: t.targets, mask: t.mask });
    const wanted = { inputs: inputNames.length, outputs: outputNames.length, activity: units };
    for (const [name, columns] of Object.entries(wanted)) {
      const { length } = t[name as keyof typeof wanted];
      if (length >= t.steps * columns) continue;
      refuse(where, `${name} has ${length} values, ${t.steps} steps × ${columns} need more`, "shape");
    }
  }
}

/** Values of the steps that belong to a trial. */
function shown(values: ArrayLike<number>, { steps }: ShownTrial, columns: number): ArrayLike<number> {
  return Array.prototype.slice.call(values, 0, steps * columns);
}

function inputRows({ trials, inputNames }: TrialPictureData): TrialRow[] {
  const channels = inputNames.length;
  if (channels === 0) return [];
  const range = rangeOf(trials.map((t) => shown(t.inputs, t, channels))) ?? [0, 1];
  if (channels > MOST_LINES) return [heatRow("Input", inputNames, range, (t) => t.inputs)];
  const lines = inputNames.map((_, k) => ({
    colour: MANY_COLOURS[k],
    of: (t: ShownTrial, step: number) => t.inputs[step * channels + k],
  }));
  return [{ kind: "lines", label: "Input", height: 2.3, axis: axisOf(range), lines }];
}

function outputRows({ trials, inputNames, outputNames }: TrialPictureData, label: string): TrialRow[] {
  const outputs = outputNames.length;
  if (outputs === 0) return [];
  // Targets count only where they are asked for.
  const wanted = (t: ShownTrial) => Array.from(t.targets, (v, i) => (t.mask[i] > 0 ? v : Number.NaN));
  const range = rangeOf([
    ...trials.map((t) => shown(t.outputs, t, outputs)),
    ...trials.map((t) => shown(wanted(t), t, outputs)),
  ]) ?? [0, 1];
  if (outputs > MOST_LINES) {
    return [
      heatRow("Target", outputNames, range, wanted),
      heatRow(label, outputNames, range, (t) => t.outputs),
    ];
  }
  const lines = outputNames.flatMap((_, k) => [
    {
      colour: colourOfOutput(k, inputNames.length),
      of: (t: ShownTrial, step: number) => t.outputs[step * outputs + k],
    },
    {
      colour: colourOfOutput(k, inputNames.length),
      dash: "4 2",
      of: (t: ShownTrial, step: number) =>
        t.mask[step * outputs + k] > 0 ? t.targets[step * outputs + k] : Number.NaN,
    },
  ]);
  return [{ kind: "lines", label, height: 2.3, axis: axisOf(range), lines }];
}

function heatRow(
  label: string,
  names: readonly string[],
  range: readonly [number, number],
  of: (t: ShownTrial) => ArrayLike<number>,
): TrialRow {
  const scale = scaleFor(range) ?? scaleFor([0, 1]);
  if (!scale) throw new Error("unreachable: a scale of a finite range");
  return {
    kind: "heat",
    label: `${label} (${names.length})`,
    height: 2.6,
    rows: names.length,
    of,
    scale,
    bar: label,
  };
}

/** Outputs go on where the colours of inputs end. */
function colourOfOutput(k: number, inputs: number): string {
  const first = inputs > MOST_LINES ? 0 : inputs;
  return MANY_COLOURS[(k + first) % MANY_COLOURS.length];
}

function axisOf([low, high]: readonly [number, number]): Pick<PanelAxis, "domain" | "ticks"> {
  const pad = (high - low || 1) * 0.06;
  const domain: [number, number] = [Math.min(0, low) - (low < 0 ? pad : 0), high + pad];
  return { domain, ticks: linearTicks(...domain, 3) };
}

function legend({ trials, inputNames, outputNames }: TrialPictureData): LegendEntry[] {
  const hasTargets = trials.some((t) => Array.from(t.mask).some((m) => m > 0));
  const entry = (label: string, note: string, stroke: string): LegendEntry => ({
    label,
    note,
    swatch: { kind: "line", stroke, width: 1.6 },
  });
  return [
    ...(inputNames.length <= MOST_LINES
      ? inputNames.map((name, k) => entry(name, "input", MANY_COLOURS[k]))
      : []),
    ...(outputNames.length <= MOST_LINES
      ? [
          ...outputNames.map((name, k) => entry(name, "output", colourOfOutput(k, inputNames.length))),
          ...(hasTargets
            ? [
                {
                  label: "target, where it counts",
                  swatch: { kind: "line", stroke: COLOUR.ink, width: 1.2, dash: "4 2" } as const,
                },
              ]
            : []),
        ]
      : []),
  ];
}
