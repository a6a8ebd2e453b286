/**
 * @file Parts that reports of every kind have: the page around, figures with numbers, what failed and what to doubt,
 * methods, provenance, the experiment's file.
 */

import { CajalError } from "../../core/index.ts";
import { formatCount, formatNumber } from "../../plot/index.ts";
import { type Content, html, type Markup, trusted } from "./html.ts";
import type { ReportFigure } from "./report-figures.ts";
import type { ReportInput, RunFacts } from "./report-input.ts";
import { REPORT_STYLE } from "./report-style.ts";
import { factsTable } from "./report-tables.ts";

/** What is said about failures. */
export type FailureFacts = Pick<ReportInput, "failures" | "run">;

/** The document around a report. */
export function page(title: string, body: Markup): Markup {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Cajal">
<title>${title}</title>
<style>${trusted(REPORT_STYLE)}</style>
</head>
<body>
${body}
</body>
</html>
`;
}

/** Numbers of figures, in the order they are shown. */
export function figureCounter(): () => number {
  let n = 0;
  return () => ++n;
}

/** A figure with its caption. */
export function figureBlock({ svg, caption, width }: ReportFigure, number: number): Markup {
  // Rounded: 12.345678901 cm tell nobody anything.
  const cm = Math.round(100 * width) / 100;
  const narrow =
    width < 17 && html` style="--sheet:${cm}cm;max-width:${cm}cm;margin-left:auto;margin-right:auto"`;
  return html`<figure><div class="sheet"${narrow}>${trusted(svg)}</div>
<figcaption><b>Figure ${number}.</b> ${caption}</figcaption></figure>`;
}

/** What a reader should bear in mind; undefined when there is nothing. */
export function cautionList(notes: readonly string[]): Markup | undefined {
  return notes.length === 0
    ? undefined
    : html`<ul class="cautions">${notes.map((n) => html`<li>${prose(n)}</li>\n`)}</ul>`;
}

/** A picture that cannot be drawn is left out: too little data is no reason to have no report. */
export async function ifDrawable<T>(make: () => Promise<T>): Promise<T | undefined> {
  try {
    return await make();
  } catch (error) {
    if (error instanceof CajalError) return undefined;
    throw error;
  }
}

/** What failed; undefined when nothing did. */
export function failureSection(input: FailureFacts): Markup | undefined {
  const { failures } = input;
  if (failures.length === 0) return undefined;
  const rest = failures.length - MOST_FAILURES;
  return html`<section class="failures"><h2>What failed</h2>
<p class="note">${failureWords(input)} Missing values are left out, never counted as 0.</p>
<ul>${failures.slice(0, MOST_FAILURES).map(({ job, message }) => html`<li><code>${job}</code>: ${message}</li>\n`)}${rest > 0 && html`<li>… and ${rest} more, see run.json.</li>`}</ul></section>`;
}

/** What jobs warned of; undefined when there is nothing. */
export function warningSection(warnings: readonly string[]): Markup | undefined {
  if (warnings.length === 0) return undefined;
  const rest = warnings.length - MOST_WARNINGS;
  return html`<h2>What to doubt</h2>
<ul class="references">${warnings.slice(0, MOST_WARNINGS).map((w) => html`<li>${prose(w)}</li>\n`)}${rest > 0 && html`<li>… and ${rest} more, see run.json.</li>`}</ul>`;
}

/** Methods as a paper would tell them. */
export function methodsSection({
  text,
  references,
}: {
  text: string;
  references: readonly string[];
}): Markup {
  return html`<h2>Methods, ready to paste</h2>
<p class="methods">${text}</p>
${references.length > 0 && html`<ul class="references">${references.map((r) => html`<li>${r}</li>\n`)}</ul>`}`;
}

/** Where, when and with what the run was made. */
export function provenanceSection(run: RunFacts): Markup {
  const versions = Object.entries(run.versions).map(([name, version]) => `${name} ${version}`);
  const { done, failed } = run.jobs;
  return html`<h2>Provenance</h2>
${factsTable([
  ["Versions", versions.join(", ")],
  ["Machine", run.machine],
  ...(run.startedAt ? [["Started", run.startedAt] as const] : []),
  ["Wall time", `${formatNumber(run.seconds)} s`],
  ["Jobs", failed ? `${formatCount(done)} done, ${formatCount(failed)} failed` : `${formatCount(done)} done`],
  ["Seed", String(run.seed)],
  ["Hash of the metrics", html`<code>${run.hash}</code>`],
  ...(run.command ? [["Command", html`<code>${run.command}</code>`] as const] : []),
])}`;
}

/** The file that was run. */
export function experimentSection(experimentYaml: string): Markup {
  return html`<h2>Experiment</h2>
<p class="note">The file as resolved, with its defaults written out.</p>
<pre>${experimentYaml}</pre>`;
}

// Implementation

/** Failures listed in full; the rest is counted. */
const MOST_FAILURES = 20;
/** Warnings listed; the rest is counted. */
const MOST_WARNINGS = 20;

/** Nothing may be fetched and nothing run, whatever the report holds. */
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

/** Words in which names of the file stand between backticks, those names as code. */
function prose(words: string): Content {
  const parts = words.split("`");
  if (parts.length % 2 === 0) return words;
  return parts.map((part, i) => (i % 2 === 1 ? html`<code>${part}</code>` : part));
}

function failureWords({ failures, run }: FailureFacts): string {
  const { done, failed } = run.jobs;
  const cells = failures.length - failed;
  const gave = cells > 0 ? `${formatCount(cells)} ${cells === 1 ? "cell" : "cells"} gave no value.` : "";
  return failed > 0 ? `${formatCount(failed)} of ${formatCount(done + failed)} jobs failed. ${gave}` : gave;
}
