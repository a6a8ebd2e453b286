/**
 * @file Values of an INI file by type: texts, whole numbers, truth values, choices, dictionaries.
 */

import { CajalError, nearest, type Span } from "../../core/index.ts";
import { type IniFile, type IniValue, iniError } from "./ini.ts";
import { IniDict, nearWords } from "./ini-dict.ts";
import { keyText, type PythonLiteral, readPythonLiteral } from "./python-literal.ts";

/** A value and its literal, undefined where its text is none. */
type Read = { value: IniValue; literal: PythonLiteral | undefined };

/** Typed values of a file's sections. Every complaint shows its place. */
export class IniValues {
  readonly #file: IniFile;
  readonly #warnings: string[];

  constructor(file: IniFile, warnings: string[]) {
    this.#file = file;
    this.#warnings = warnings;
  }

  /** @param fallback - Undefined: the key must be there. */
  text(section: string, key: string, fallback: string | undefined): string {
    const found = this.#find(section, key, fallback);
    if (!found) return fallback!;
    const { literal, value } = found;
    const text = literal?.kind === "text" ? String(literal.value) : value.text;
    if (text === "" && fallback === undefined) this.#refuse(value.span, `"${key}" is empty`);
    return text;
  }

  whole(section: string, key: string, { fallback, most }: { fallback: number; most: number }): number {
    const found = this.#find(section, key, fallback);
    if (!found) return fallback;
    const { value, literal } = found;
    const number = literal?.kind === "number" ? Number(literal.value) : Number.NaN;
    if (Number.isSafeInteger(number) && number >= 1 && number <= most) return number;
    return this.#refuse(value.span, `"${key}" must be a whole number from 1 to ${most}`);
  }

  truth(section: string, key: string, fallback: boolean): boolean {
    const found = this.#find(section, key, fallback);
    if (!found) return fallback;
    // configparser takes these words too.
    const word = found.value.text.toLowerCase();
    if (["true", "yes", "on", "1"].includes(word)) return true;
    if (["false", "no", "off", "0"].includes(word)) return false;
    return this.#refuse(found.value.span, `"${key}" must be True or False`);
  }

  choice<T extends string>(section: string, key: string, known: readonly T[], fallback: T): T {
    const text = this.text(section, key, fallback);
    const found = known.find((name) => name === text);
    if (found !== undefined) return found;
    const { span } = this.#file.sections.get(section)!.values.get(key)!;
    return this.#refuse(span, `"${key}" must be one of ${known.join(", ")}`, nearWords(text, known));
  }

  dict(section: string, key: string, known: readonly string[]): IniDict {
    const found = this.#find(section, key, undefined)!;
    const { value, literal } = found;
    if (literal?.kind !== "dict") {
      const result = readPythonLiteral(value.text);
      if ("problem" in result) {
        const { what, hint, span } = result.problem;
        const at = value.span.start;
        return iniError(this.#file, { start: at + span.start, end: at + span.end }, what, hint);
      }
      return this.#refuse(value.span, `"${key}" must be a dict`, "Write it as {'key': value, …}.");
    }
    const entries = new Map<string, PythonLiteral>();
    for (const entry of literal.entries) {
      const name = keyText(entry.key);
      if (known.includes(name)) entries.set(name, entry.value);
      else {
        const line = this.#file.text.slice(0, value.span.start + entry.key.span.start).split("\n").length;
        const nearby = nearest(name, known);
        this.#warnings.push(
          `${this.#file.name}:${line}: "${name}" in ${key} is not known and left out${nearby ? `; did you mean "${nearby}"?` : ""}`,
        );
      }
    }
    return new IniDict(key, entries, (span, what, hint) => {
      const at = span
        ? { start: value.span.start + span.start, end: value.span.start + span.end }
        : value.span;
      return this.#refuse(at, what, hint);
    });
  }

  #find(section: string, key: string, fallback: unknown): Read | undefined {
    const value = this.#file.sections.get(section)?.values.get(key);
    if (value && (value.text !== "" || fallback === undefined)) {
      const result = readPythonLiteral(value.text);
      return { value, literal: "literal" in result ? result.literal : undefined };
    }
    if (fallback === undefined) {
      const own = this.#file.sections.get(section);
      const hint = `Add ${own ? "" : `[${section}] and `}${key} = …, as in the template.`;
      if (own) return this.#refuse(own.span, `[${section}] lacks "${key}"`, hint);
      throw new CajalError(`${this.#file.name} lacks section [${section}]`, { code: "bad-ini", hint });
    }
    if (!value && section !== "paths")
      this.#warnings.push(`${this.#file.name}: "${key}" is not given, the template's ${fallback} is taken`);
    return undefined;
  }

  #refuse(span: Span, what: string, hint?: string): never {
    return iniError(this.#file, span, what, hint);
  }
}
