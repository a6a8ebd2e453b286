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

/** Lines of problems shown in full; more than a small screen helps nobody. */
const LINES = 16;
/** Further problems that get a line each; the rest is counted. */
const LISTED = 3;

/**
 * One screen: each problem with the user's own text, a caret and the mend.
 *
 * @example formatIssues(issues) // error  unknown key "leek" in network.neuron …
 */
export function formatIssues(issues: readonly Issue[]): string {
  const screens: string[] = [];
  let lines = 0;
  for (const screen of issues.map(formatIssue)) {
    // A blank line stands between two.
    lines += screen.split("\n").length + 1;
    if (screens.length > 0 && lines > LINES) break;
    screens.push(screen);
  }
  const rest = issues.slice(screens.length);
  if (rest.length === 0) return screens.join("\n\n");
  const listed = rest.slice(0, LISTED).map(oneLine);
  const more = rest.length - listed.length;
  if (more > 0) listed.push(`… and ${more} more`);
  screens.push(`Also:\n${listed.map((line) => `  ${line}`).join("\n")}`);
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

/** The issues without those that say the same of the same place. */
export function distinctIssues(issues: readonly Issue[]): Issue[] {
  const seen = new Set<string>();
  return issues.filter(({ what, place }) => {
    const key = `${what}\n${place?.name}\n${place?.span.start}`;
    return seen.has(key) ? false : seen.add(key);
  });
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

function oneLine({ what, place }: Issue): string {
  const first = what.split("\n")[0];
  if (!place) return first;
  return `${place.name === "--set" ? place.name : placeName(place)}  ${first}`;
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
