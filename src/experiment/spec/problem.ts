/**
 * @file A problem at a path of the data, before it is placed in the user's text, and the words all of them share.
 */

import { nearest, type Span } from "../../core/index.ts";
import type { Path } from "./path.ts";

/** A problem at a path of the data. */
export interface Problem {
  code: string;
  path: Path;
  /** Whether the key is wrong or its value. */
  on: "key" | "value";
  what: string;
  /** Behind the caret. */
  note?: string;
  /** Below the frame. */
  hint?: string;
  /** The stretch of the value that is wrong, a text with lines of its own, and how to show it by itself. */
  within?: { span: Span; frame: string };
}

/** A list of names longer than this is cut. */
const LONG_LIST = 24;

/** What a value is, for "got …". */
export function describeValue(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "nothing (an empty value)";
  if (typeof value === "string") return `the text "${value.length > 60 ? `${value.slice(0, 57)}…` : value}"`;
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : `a list of ${value.length}`;
  if (typeof value === "object") {
    const keys = Object.keys(value);
    return keys.length === 0 ? "an empty object" : `an object with ${keys.slice(0, 4).join(", ")}`;
  }
  return String(value);
}

/** `did you mean "x"?` behind the caret and the legal names below. */
export function named(
  name: string,
  known: readonly string[],
  kind = "Known here",
): { note?: string; hint: string } {
  const near = nearest(name, known);
  const list =
    known.length > LONG_LIST
      ? `${known.slice(0, LONG_LIST - 4).join(", ")}, … (${known.length} in all)`
      : known.join(", ");
  return {
    ...(near !== undefined && { note: `did you mean "${near}"?` }),
    hint: known.length > 0 ? `${kind}: ${list}.` : "Nothing is defined here.",
  };
}
