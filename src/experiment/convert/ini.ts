/**
 * @file Text of an INI file as Python's configparser reads it, with the place of every key and value.
 * Not here: interpolation with `%`, which no file of the tools we read uses.
 */

import { CajalError, codeFrame, lineColumn, type Span } from "../../core/index.ts";

/** Value of a key, as written: its text may run over several lines. */
export interface IniValue {
  section: string;
  key: string;
  /** Without blanks around it. */
  text: string;
  /** Of the key, in the file. */
  keySpan: Span;
  /** Of the value; of the key, when the value is empty. */
  span: Span;
}

/** A file as sections of keys. Section names keep their case, keys are small letters, as configparser has them. */
export interface IniFile {
  name: string;
  text: string;
  sections: ReadonlyMap<string, { span: Span; values: ReadonlyMap<string, IniValue> }>;
}

/**
 * Read an INI file: `[section]`, `key = value` or `key: value`, indented lines go on with the value above, lines that
 * begin with `#` or `;` are comments.
 *
 * @throws CajalError `bad-ini`, with line, column and a caret.
 */
export function parseIni(text: string, { name }: { name: string }): IniFile {
  const sections = new Map<string, { span: Span; values: Map<string, IniValue> }>();
  const fail = (span: Span, what: string, hint: string): never => iniError({ name, text }, span, what, hint);
  let section: string | undefined;
  let last: IniValue | undefined;
  for (const line of linesOf(text)) {
    const { content, span } = line;
    if (content === "" || content.startsWith("#") || content.startsWith(";")) continue;
    if (last && span.start > line.start) {
      // A file that starts its value on the next line has no place of its own before.
      const start = last.text === "" ? span.start : last.span.start;
      last.span = { start, end: span.end };
      last.text = text.slice(start, span.end);
      continue;
    }
    if (content.startsWith("[")) {
      const close = content.indexOf("]");
      if (close < 2) fail(span, "a section needs a name in brackets", "Write it as [name].");
      section = content.slice(1, close);
      if (sections.has(section))
        fail(span, `section [${section}] stands here twice`, "Join the two sections.");
      sections.set(section, { span, values: new Map() });
      last = undefined;
      continue;
    }
    const found = /[=:]/.exec(content);
    if (!found) fail(span, "this line is neither a section nor a key", "Write it as key = value.");
    if (section === undefined)
      return fail(span, "a key stands before the first section", "Put a line such as [net] above.");
    last = keyOf(content, { at: found!.index, span, section });
    const { values } = sections.get(section)!;
    if (last.key === "") fail(span, "a value has no key", "Write it as key = value.");
    if (values.has(last.key)) fail(last.keySpan, `"${last.key}" is given twice in [${section}]`, "Keep one.");
    values.set(last.key, last);
  }
  return { name, text, sections };
}

/** Throw with the place in the file marked. @throws CajalError `bad-ini`. */
export function iniError(
  { name, text }: Pick<IniFile, "name" | "text">,
  span: Span,
  what: string,
  hint?: string,
): never {
  const { line, column } = lineColumn(text, span.start);
  const end = text.indexOf("\n", span.start);
  // Carets stay within the line.
  const shown = { start: span.start, end: Math.min(span.end, end < 0 ? text.length : end) };
  throw new CajalError(what, {
    code: "bad-ini",
    where: `${name}:${line}:${column}`,
    frame: codeFrame(text, shown, { context: 1 }),
    ...(hint && { hint }),
  });
}

// Implementation

interface Line {
  /** Offset of the line. */
  start: number;
  content: string;
  /** Of the content without blanks around it. */
  span: Span;
}

function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  // A byte-order mark is no part of the first line.
  let start = text.startsWith("\ufeff") ? 1 : 0;
  for (const raw of text.slice(start).split("\n")) {
    const content = raw.trim();
    const from = start + (content === "" ? 0 : raw.indexOf(content));
    lines.push({ start, content, span: { start: from, end: from + Math.max(1, content.length) } });
    start += raw.length + 1;
  }
  return lines;
}

function keyOf(
  content: string,
  { at, span, section }: { at: number; span: Span; section: string },
): IniValue {
  const written = content.slice(0, at).trimEnd();
  const keySpan = { start: span.start, end: span.start + Math.max(1, written.length) };
  const value = content.slice(at + 1).trim();
  const start = span.start + content.length - value.length;
  return {
    section,
    key: written.toLowerCase(),
    text: value,
    keySpan,
    span: value === "" ? keySpan : { start, end: start + value.length },
  };
}
