/**
 * @file A problem in what the user wrote, as data and as one screen of text.
 */

import { CajalError, codeFrame, lineColumn } from "../../core/index.ts";
import type { Place } from "./source.ts";

/** One problem: what is wrong, where, how to mend it. */
export interface Issue {
  /** Stable name of the kind of mistake, kebab-case. */
  code: string;
  what: string;
  place?: Place;
  /** Behind the caret: a few words, usually the nearest legal name. */
  note?: string;
  /** Below the frame: a sentence or two. */
  hint?: string;
}

/** Problems shown before the rest is only counted: more than a screen helps nobody. */
const SHOWN = 4;

/**
 * One screen: each problem with the user's own text, a caret and the mend.
 *
 * @example formatIssues(issues) // error  unknown key "leek" in network.neuron …
 */
export function formatIssues(issues: readonly Issue[]): string {
  const screens = issues.slice(0, SHOWN).map(formatIssue);
  const rest = issues.length - SHOWN;
  if (rest > 0) screens.push(`… and ${rest} more ${rest === 1 ? "problem" : "problems"}.`);
  return screens.join("\n\n");
}

/** The same as an error whose message is the whole screen, for callers of the library. @param issues - At least one. */
export function issuesError(issues: readonly Issue[]): CajalError {
  return new CajalError(formatIssues(issues), { code: issues[0].code, cause: issues });
}

/** The issues of an error made by {@link issuesError}; undefined for any other. */
export function issuesOf(error: unknown): readonly Issue[] | undefined {
  return error instanceof CajalError && Array.isArray(error.cause) ? error.cause : undefined;
}

// Implementation

function formatIssue({ what, place, note, hint }: Issue): string {
  const lines = [`error  ${what}`];
  if (place?.name === "--set") lines.push(codeFrame(place.text, place.span, { note }));
  else if (place)
    lines.push(`  ${placeName(place)}`, codeFrame(place.text, place.span, { context: 1, note }));
  else if (note) lines.push(`  ${note}`);
  if (hint) lines.push(...wrap(hint, 96).map((line) => `  ${line}`));
  return lines.join("\n");
}

function placeName({ name, text, span }: Place): string {
  const { line, column } = lineColumn(text, span.start);
  return `${name}:${line}:${column}`;
}

function wrap(text: string, width: number): string[] {
  return text.split("\n").flatMap((paragraph) => {
    // Text that is laid out already, such as a line of equations with its caret, keeps its blanks.
    if (paragraph.length <= width) return [paragraph];
    const lines: string[] = [];
    let line = "";
    for (const word of paragraph.split(" ")) {
      if (line && line.length + 1 + word.length > width) {
        lines.push(line);
        line = word;
      } else line = line ? `${line} ${word}` : word;
    }
    return [...lines, line];
  });
}
