/**
 * @file Figures of how training went: the history of the shown setting, settings side by side, and grids of settings.
 */

import {
  formatExact,
  formatNumber,
  lossComparison,
  type Repeat,
  SERIES_COLOURS,
  settingGrid,
  trainingHistory,
} from "../../../plot/index.ts";
import { factorName } from "../names.ts";
import { repeatMean } from "../repeat-mean.ts";
import type { ReportFigure } from "../report-figures.ts";
import type { TrainingInput, TrainingRun, TrainingSetting } from "./training-input.ts";
import { meaningful, pathWords, settingWords } from "./training-numbers.ts";

/** Loss, answers and gradient of all repeats of one setting. */
export async function historyFigure({
  runs,
  experiment,
  factors,
}: TrainingSetting): Promise<ReportFigure | undefined> {
  const of = (pick: (run: TrainingRun) => Repeat | undefined) =>
    runs.flatMap((run) => {
      const repeat = pick(run);
      return repeat && hasFinite(repeat.values) ? [repeat] : [];
    });
  const validated = (metric: "loss" | "fractionCorrect" | "worstFractionCorrect") =>
    of(({ validation }) => {
      const values = validation?.[metric];
      return validation && values && { updates: validation.updates, values };
    });
  const loss = of(({ history }) => history && { values: history.loss });
  if (loss.length === 0) return undefined;
  const { earlyStopping, clip } = experiment;
  const worst = validated("worstFractionCorrect");
  const criterion = earlyStopping?.criterion;
  const target = criterion === "loss" ? undefined : earlyStopping?.target;
  const svg = await trainingHistory(
    {
      loss,
      validationLoss: validated("loss"),
      fractionCorrect: of(({ history }) => history && { values: history.fractionCorrect }),
      validationCorrect: validated("fractionCorrect"),
      worstCorrect: worst,
      targetNote: criterion === "worstFractionCorrect" ? "of the worst" : undefined,
      gradientNorm: of(({ history }) => history && { values: history.gradientNorm }),
      target,
      clip: clip.norm,
      stages: runs.map(({ facts }) => (facts?.stages ?? []).map(({ update }) => update)),
    },
    { log: allPositive([...loss, ...validated("loss")]) },
  );
  const where = settingWords(factors);
  const isLong = loss.some(({ values }) => values.length >= 150);
  const notes = [
    isLong ? " Batches are noisy, so their numbers are averaged over neighbouring updates." : "",
    experiment.regularisers.length > 0
      ? " The loss of batches includes regularisers, that of validations does not."
      : "",
    worst.length > 0 ? " Dashed, right answers in the condition that had the fewest in each validation." : "",
    loss.length > 1 ? " A repeat that has stopped goes on in the median with its last value." : "",
  ];
  const many = loss.length > 1 ? `, ${loss.length} repeats` : "";
  const caption = `Training${where && ` at ${where}`}${many}: loss, ${target === undefined ? "" : "share of right answers with the target at which training stops, "}and the norm of the gradient before it is clipped.${notes.join("")}`;
  return { svg, caption, width: 17 };
}

/** Loss of the settings of a sweep, or of the values of its first factor where there are too many. */
export async function settingsFigure({
  settings,
  experiment,
}: TrainingInput): Promise<ReportFigure | undefined> {
  if (settings.length < 2) return undefined;
  const paths = Object.keys(experiment.sweep);
  const isAll = settings.length <= SERIES_COLOURS.length;
  const path = paths.find((p) => valuesOf(settings, p).length > 1) ?? paths[0];
  const labelOf = ({ factors }: TrainingSetting) =>
    isAll
      ? settingWords(pick(factors, varying(settings, paths)))
      : `${pathWords(path)} ${formatExact(factors[path])}`;
  const validated = isValidated(settings);
  const groups = new Map<string, Repeat[]>();
  for (const setting of settings) {
    const repeats = setting.runs.flatMap((run) => lossOf(run, validated));
    if (repeats.length > 0)
      groups.set(labelOf(setting), [...(groups.get(labelOf(setting)) ?? []), ...repeats]);
  }
  const shown = [...groups].slice(0, SERIES_COLOURS.length).map(([label, repeats]) => {
    return { label, repeats, ...(!isAll && { unit: "networks" }) };
  });
  if (shown.length < 2) return undefined;
  const log = allPositive(shown.flatMap(({ repeats }) => repeats));
  const svg = await lossComparison({ groups: shown }, { log, title: "Loss of the settings" });
  const left = groups.size - shown.length;
  const caption = `Loss of ${validated ? "validations" : "batches"}: median and quartiles over repeats${isAll ? "" : " and all other swept values"}, with a dot at the lowest of each. Those that stopped early go on with the value they had reached.${left > 0 ? ` ${left} more values are in the table.` : ""}`;
  return { svg, caption, width: 17 };
}

/** A map of each metric over the first two swept factors, one for each combination of the others. */
export async function gridFigures({ settings, experiment }: TrainingInput): Promise<ReportFigure[]> {
  const paths = varying(settings, Object.keys(experiment.sweep));
  if (paths.length < 2) return [];
  // The longer axis across.
  const [a, b] = paths
    .slice(0, 2)
    .sort((p, q) => valuesOf(settings, p).length - valuesOf(settings, q).length);
  const others = paths.slice(2);
  const slices = new Map<string, TrainingSetting[]>();
  for (const setting of settings) {
    const key = settingWords(pick(setting.factors, others));
    slices.set(key, [...(slices.get(key) ?? []), setting]);
  }
  const figures: ReportFigure[] = [];
  for (const { metric, label, better, kind } of GRID_METRICS) {
    for (const [key, slice] of [...slices].slice(0, MOST_MAPS)) {
      const figure = await mapOf(slice, { a, b, metric, label, better, kind, key });
      if (figure) figures.push(figure);
    }
  }
  return figures;
}

// Implementation

/** Maps of one metric; more are in the table only. */
const MOST_MAPS = 4;
/** Edge and padding around a figure of a report [cm]. */
const FRAME = 0.7;

interface GridMetric {
  metric: string;
  label: string;
  better: "lower" | "higher";
  kind: "number" | "percent";
}

const GRID_METRICS: readonly GridMetric[] = [
  { metric: "minimumLoss", label: "Lowest loss", better: "lower", kind: "number" },
  { metric: "testFractionCorrect", label: "Test correct (%)", better: "higher", kind: "percent" },
];

async function mapOf(
  slice: readonly TrainingSetting[],
  options: GridMetric & { a: string; b: string; key: string },
): Promise<ReportFigure | undefined> {
  const { a, b, metric, label, better, kind, key } = options;
  const [rows, columns] = [valuesOf(slice, a), valuesOf(slice, b)];
  const found = rows.flatMap((row) =>
    columns.map((column) => {
      const own = slice.filter(({ factors }) => factors[a] === row && factors[b] === column);
      const runs = own.flatMap(({ runs: all }) => all);
      return { ...repeatMean(runs, metric), total: runs.length };
    }),
  );
  if (found.every(({ mean }) => !Number.isFinite(mean))) return undefined;
  const factor = kind === "percent" ? 100 : 1;
  const notes = found.map(({ spread, count, total }) => {
    if (count < total) return `${count} of ${total}`;
    return spread === null ? "" : `± ${formatNumber(factor * spread, 2)}`;
  });
  const svg = await settingGrid(
    {
      rows: { name: factorName(meaningful(a)), values: rows },
      columns: { name: factorName(meaningful(b)), values: columns },
      cells: found.map(({ mean }) => factor * mean),
      ...(notes.some((note) => note !== "") && { notes }),
    },
    { label, better, title: label },
  );
  const where = key === "" ? "" : ` at ${key}`;
  const gaps = found.some(({ count, total }) => count < total)
    ? " “2 of 5”: only so many repeats gave a number."
    : "";
  const isMany = found.some(({ spread }) => spread !== null);
  const how = isMany ? ", mean over repeats and its standard deviation" : "";
  return {
    svg,
    caption: `${label}${where}${how}; the best has a frame.${gaps}`,
    // As wide as it is drawn: letters of a grid of few cells would outgrow those of other figures.
    width: Math.min(17, Number(/ width="([\d.]+)cm"/.exec(svg)?.[1]) + FRAME),
  };
}

/** Loss of validations, or of batches where no setting has any: the two do not compare. */
function lossOf({ validation, history }: TrainingRun, validated: boolean): Repeat[] {
  if (!validated) return history && hasFinite(history.loss) ? [{ values: history.loss }] : [];
  return validation && hasFinite(validation.loss)
    ? [{ updates: validation.updates, values: validation.loss }]
    : [];
}

function isValidated(settings: readonly TrainingSetting[]): boolean {
  return settings.some(({ runs }) => runs.some(({ validation }) => validation && hasFinite(validation.loss)));
}

function hasFinite(values: ArrayLike<number> | undefined): boolean {
  return values !== undefined && Array.from(values).some(Number.isFinite);
}

/** Losses of classes can reach 0, which has no logarithm. */
function allPositive(repeats: readonly Repeat[]): boolean {
  return repeats.every(({ values }) => Array.from(values).every((v) => !(v <= 0)));
}

/** Values of a factor in the order of the file. */
function valuesOf(settings: readonly TrainingSetting[], path: string): (string | number)[] {
  return [...new Set(settings.map(({ factors }) => factors[path]))].filter((v) => v !== undefined);
}

function varying(settings: readonly TrainingSetting[], paths: readonly string[]): string[] {
  return paths.filter((path) => valuesOf(settings, path).length > 1);
}

function pick<T>(of: Readonly<Record<string, T>>, keys: readonly string[]): Record<string, T> {
  return Object.fromEntries(Object.entries(of).filter(([key]) => keys.includes(key)));
}
