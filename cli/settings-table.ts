/**
 * @file The table of a sweep: a row for each cell, a column for each factor that varies and for each number, no wider
 * than the terminal.
 */

import pc from "picocolors";
import { meanWords, type RepeatMean, type SettingsSummary } from "../src/experiment/index.ts";
import { formatSeconds, formatValue, plural, USUAL_COLUMNS, visibleLength, wrapText } from "./format.ts";
import type { Output } from "./io.ts";
import { type Column, formatTable } from "./table.ts";

/** Rows of the table; the rest is counted. */
const ROWS = 30;
/** Letters of a value of a factor; longer ones are cut. */
const LETTERS = 24;

/** Print each setting as mean ± standard deviation over its repeats, and what the columns mean. */
export function printSettings(summary: SettingsSummary, text: Output): void {
  const { heads, columns, settings, order } = summary;
  if (settings.length === 0) {
    text.write("No job gave a result.\n\n");
    return;
  }
  const { table, view } = fitting(summary, text.columns || USUAL_COLUMNS);
  text.write(`${table}\n`);
  const more = settings.length - ROWS;
  if (more > 0)
    text.write(`  … and ${plural(more, "more row")}: all are in report.html, and in metrics.parquet\n`);
  const shown = columns.slice(0, view.columns);
  const isSpread = settings.some(({ values }) => values.some(({ spread }) => spread !== null));
  const left = [...heads.names.slice(view.names), ...columns.slice(view.columns).map(({ head }) => head)];
  const notes = [
    ...(order !== undefined && settings.length > 1 ? [`best first by ${order}`] : []),
    ...(view.style === "compact" ? [doneWords(summary)] : []),
    ...shown.map(({ head, meaning }) => `${head}: ${meaning}`),
    ...(isSpread && view.isSpread ? [`± standard deviation over ${heads.repeats}`] : []),
    ...(isSpread && !view.isSpread
      ? [`means over ${heads.repeats}, standard deviations need more width`]
      : []),
    ...(left.length > 0
      ? [`${plural(left.length, "column")} left out at this width: ${left.join(", ")}`]
      : []),
  ];
  text.write(`${pc.dim(wrapText(notes.join("; "), text))}\n\n`);
}

// Implementation

type SummaryColumn = SettingsSummary["columns"][number];

/** What of a summary is shown, and how. */
interface View {
  /** Factors and numbers that are shown; columns are left out from the last on. */
  names: number;
  columns: number;
  /** `narrow`: heads on several lines, little space between columns; `compact`: losses of repeats in their column too. */
  style: "wide" | "narrow" | "compact";
  /** Whether standard deviations stand behind means. */
  isSpread: boolean;
}

/**
 * As much as fits. Heads are broken before anything is left out; then go columns, the last first; standard deviations go
 * before the main numbers do, and factors only where not one number would fit beside them.
 */
function fitting(summary: SettingsSummary, width: number): { table: string; view: View } {
  const names = summary.heads.names.length;
  const all = summary.columns.length;
  const least = Math.min(1, all);
  const main = Math.max(least, summary.columns.filter(({ isMain }) => isMain).length);
  const views: View[] = [{ names, columns: all, style: "wide", isSpread: true }];
  const add = (columns: number, view: Partial<View>) =>
    views.push({ names, columns, style: "compact", isSpread: false, ...view });
  for (let columns = all; columns >= main; columns--) add(columns, { style: "narrow", isSpread: true });
  for (let columns = all; columns >= main; columns--) add(columns, { isSpread: true });
  for (let columns = all; columns >= least; columns--) add(columns, {});
  for (let of = names - 1; of >= 1; of--) add(least, { names: of });
  for (const view of views) {
    const table = settingsTable(summary, view);
    if (table.split("\n").every((line) => visibleLength(line) < width)) return { table, view };
  }
  const view = views[views.length - 1];
  return { table: settingsTable(summary, view), view };
}

function settingsTable(summary: SettingsSummary, { names, columns: count, style, isSpread }: View): string {
  const { heads, columns } = summary;
  const settings = summary.settings.slice(0, ROWS);
  const shown = columns.slice(0, count);
  const isCompact = style === "compact";
  const troubles = isCompact ? [] : TROUBLES.filter((kind) => countOf(summary, kind) > 0);
  const titles: Column[] = [
    ...heads.names.slice(0, names).map((head, k) => ({ head, align: alignOf(summary, k) })),
    ...[isCompact ? COMPACT : heads.repeats, ...troubles, ...shown.map(({ head }) => head)].map((head) => ({
      head,
      align: "right" as const,
    })),
  ];
  const rows = settings.map(({ names: own, repeats, values, ...setting }) => [
    ...own.slice(0, names).map(cut),
    isCompact && isLossy(summary)
      ? `${repeats}/${repeats + setting.diverged + setting.failed}`
      : String(repeats),
    ...troubles.map((kind) => (setting[kind] > 0 ? String(setting[kind]) : "")),
    ...shown.map((column, k) => {
      const value = isSpread ? values[k] : { ...values[k], spread: null };
      // A mean over some of the repeats says so.
      const some = value.count > 0 && value.count < repeats ? ` (${value.count} of ${repeats})` : "";
      return valueWords(value, column.kind) + some;
    }),
  ]);
  if (style === "wide") return formatTable(titles, rows);
  return formatTable(brokenHeads(titles, rows), rows, { gap: 2 });
}

const TROUBLES = ["diverged", "failed"] as const;
/** Head of the column of repeats where every letter counts. */
const COMPACT = "done";

const countOf = ({ settings }: SettingsSummary, kind: (typeof TROUBLES)[number]): number =>
  settings.reduce((sum, setting) => sum + setting[kind], 0);
const isLossy = (summary: SettingsSummary): boolean => TROUBLES.some((kind) => countOf(summary, kind) > 0);

/** What the compact column of repeats says, with what it does not. */
function doneWords(summary: SettingsSummary): string {
  const { repeats } = summary.heads;
  if (!isLossy(summary)) return `${COMPACT}: ${repeats} with a result`;
  const lost = TROUBLES.filter((kind) => countOf(summary, kind) > 0).map(
    (kind) => `${countOf(summary, kind)} ${kind}`,
  );
  return `${COMPACT}: ${repeats} with a result, of all (${lost.join(" and ")} in all rows)`;
}

/** Numbers stand below each other by their last digit. */
function alignOf({ settings }: SettingsSummary, column: number): "left" | "right" {
  return settings.every(({ names }) => /^[−\d]/.test(names[column] ?? "")) ? "right" : "left";
}

const cut = (text: string): string => (text.length > LETTERS ? `${text.slice(0, LETTERS - 1)}…` : text);

/** Heads no wider than what is below them, or than their longest word; all end on the last line. */
function brokenHeads(columns: readonly Column[], rows: readonly (readonly string[])[]): Column[] {
  const broken = columns.map(({ head }, k) => {
    const longest = (texts: readonly string[]) => Math.max(...texts.map(visibleLength));
    const width = Math.max(longest(head.split(" ")), longest(rows.map((row) => row[k])));
    return wrapText(head, { columns: width + 1 }, 0).split("\n");
  });
  const lines = Math.max(...broken.map(({ length }) => length));
  return columns.map((column, k) => {
    const above = new Array<string>(lines - broken[k].length).fill("");
    return { ...column, head: [...above, ...broken[k]].join("\n") };
  });
}

function valueWords(value: RepeatMean, kind: SummaryColumn["kind"]): string {
  const { mean, spread } = value;
  if (Number.isNaN(mean)) return "–";
  if (kind === "seconds") return formatSeconds(mean);
  if (kind !== undefined) return meanWords(value, kind);
  return formatValue(mean) + (spread === null ? "" : ` ± ${formatValue(spread)}`);
}
