/**
 * @file What a finished run prints: the table of networks and the list of failures.
 */

import pc from "picocolors";
import type { RunResult, RunSummary, SettingsSummary } from "../src/experiment/index.ts";
import { formatValue, plural, wrapText } from "./format.ts";
import type { Output } from "./io.ts";
import { printSettings } from "./settings-table.ts";
import { type Column, formatTable } from "./table.ts";

/** Failures listed; the rest is counted. */
const LISTED = 10;

/** The table: each network at its own best over the sweep, the nulls beside the empirical one. */
export function printSummary(summary: RunSummary | SettingsSummary, text: Output): void {
  if ("columns" in summary) {
    printSettings(summary, text);
    return;
  }
  const { networks, factor } = summary;
  if (networks.length === 0 || !networks.some(({ copies }) => copies > 0)) {
    text.write("No job gave a result.\n\n");
    return;
  }
  const nulls = networks.length > 1;
  const swept = factor !== undefined && networks.some(({ at }) => at !== null);
  const leaf = factor?.split(".").at(-1) ?? "";
  const columns: Column[] = [
    { head: "network" },
    { head: "copies", align: "right" },
    { head: swept ? "best capacity" : "capacity", align: "right" },
    ...(swept ? [{ head: `at ${words(leaf)}`, align: "right" as const }] : []),
    ...(nulls
      ? [
          { head: "difference", align: "right" as const },
          { head: "p", align: "right" as const },
        ]
      : []),
  ];
  const rows = networks.map(({ network, copies, best, spread, at, difference, p }) => [
    network,
    String(copies),
    copies === 0 ? "–" : formatValue(best) + (spread === null ? "" : ` ± ${formatValue(spread)}`),
    ...(swept ? [at === null ? "–" : String(Number(at.toPrecision(5)))] : []),
    ...(nulls ? [difference === null ? "–" : signed(difference), p === null ? "–" : formatP(p)] : []),
  ]);
  text.write(`${formatTable(columns, rows)}\n`);
  const notes = ["memory capacity Σ r² [steps]"];
  if (networks.some(({ spread }) => spread !== null)) notes.push("± standard deviation over copies");
  if (nulls) notes.push("difference: empirical − null", "p: two-sided permutation, (k + 1)/(n + 1)");
  text.write(`${pc.dim(wrapText(`capacity: ${notes.join("; ")}`, text))}\n\n`);
}

/** Warnings printed; the rest is counted. */
const WARNED = 6;

/** What jobs warned of, in part. */
export function printWarnings(warnings: readonly string[], text: Output): void {
  for (const warning of warnings.slice(0, WARNED)) text.write(`${pc.yellow("warning")}  ${warning}\n`);
  if (warnings.length > WARNED)
    text.write(`${pc.yellow("warning")}  … and ${warnings.length - WARNED} more, in run.json\n`);
  if (warnings.length > 0) text.write("\n");
}

/** What failed, and where to read the rest. */
export function printFailures(failures: RunResult["failures"], jobs: RunResult["jobs"], text: Output): void {
  if (failures.length === 0) return;
  const cells = failures.filter(({ cell }) => cell !== undefined).length;
  const parts = [
    ...(jobs.failed > 0 ? [`${plural(jobs.failed, "job")} failed`] : []),
    ...(cells > 0 ? [`${plural(cells, "cell")} gave no result`] : []),
  ];
  text.write(`${pc.red(parts.join(", "))}:\n`);
  // One cause often fells many jobs: it is told once.
  const causes = new Map<string, string[]>();
  for (const { job, cell, message } of failures) {
    const name = cell === undefined ? job : `${job}, cell ${cell}`;
    causes.set(message, [...(causes.get(message) ?? []), name]);
  }
  for (const [message, names] of [...causes].slice(0, LISTED)) {
    const others = names.length > 1 ? ` and ${names.length - 1} more` : "";
    text.write(`  ${names[0]}${others}: ${message.split("\n")[0]}\n`);
  }
  if (causes.size > LISTED) text.write(`  … and ${causes.size - LISTED} more, in run.json\n`);
  if (jobs.failed > 0) text.write("  Failed jobs run again with --resume.\n");
  text.write("\n");
}

// Implementation

const words = (name: string): string =>
  name.replace(/([a-z\d])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`);
const signed = (value: number): string => (value < 0 ? "−" : "+") + formatValue(Math.abs(value));
const formatP = (p: number): string => (p < 0.001 ? p.toExponential(1) : p.toFixed(p < 0.1 ? 3 : 2));
