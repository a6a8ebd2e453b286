/**
 * @file The header of a NumPy `.npy` file: magic, version, and a Python dict literal with `descr`, `fortran_order`
 * and `shape`. After the format description in NumPy's `numpy.lib.format`, versions 1.0, 2.0 and 3.0.
 */

import { CajalError, plural } from "../../core/index.ts";

/** What a `.npy` header says. */
export interface NpyHeader {
  /** NumPy type string, e.g. `<f8`. */
  descr: string;
  fortranOrder: boolean;
  shape: number[];
  /** Offset of the first data byte. */
  dataStart: number;
}

/** NumPy refuses more dimensions too. */
const MAX_DIMENSIONS = 32;
/** A plain numeric header is about a hundred bytes; much longer ones are structured types or nonsense. */
const MAX_HEADER_BYTES = 65_536;

/** Whether the bytes start like a `.npy` file. */
export function isNpy(bytes: Uint8Array): boolean {
  return bytes.length >= 6 && bytes[0] === 0x93 && ascii(bytes.subarray(1, 6)) === "NUMPY";
}

/**
 * Read the header only.
 *
 * @param name - Name of the file, for error messages.
 * @throws CajalError `npy-magic`, `npy-version`, `npy-truncated`, `npy-header`, `npy-object-array`, `npy-structured`.
 */
export function readNpyHeader(bytes: Uint8Array, name = "npy"): NpyHeader {
  if (!isNpy(bytes)) {
    throw new CajalError("does not start with the .npy magic", {
      code: "npy-magic",
      where: name,
      hint: "Write the file with numpy.save, or name its real format.",
    });
  }
  const major = bytes[6];
  const prefix = major === 1 ? 10 : 12;
  if (bytes.length < prefix)
    throw truncated(name, `the header needs ${prefix} bytes, the file has ${bytes.length}`);
  if (!(major >= 1 && major <= 3)) {
    throw new CajalError(`unknown .npy version ${major}.${bytes[7]}`, {
      code: "npy-version",
      where: name,
      hint: "Versions 1.0, 2.0 and 3.0 are read; write the file with numpy.save.",
    });
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > bytes.length - prefix) {
    throw truncated(
      name,
      `the header says it has ${plural(length, "byte")}, ${plural(bytes.length - prefix, "is", "are")} left`,
    );
  }
  if (length > MAX_HEADER_BYTES) throw badHeader(name, `a header of ${length} bytes`);
  const text = ascii(bytes.subarray(prefix, prefix + length));
  return { ...parseDict(text, name), dataStart: prefix + length };
}

/** Error for a file that ends too early. */
export function truncated(name: string, what: string): CajalError {
  return new CajalError(`the file is cut off: ${what}`, {
    code: "npy-truncated",
    where: name,
    hint: "Copy or download it again.",
  });
}

// Implementation

function badHeader(name: string, what: string): CajalError {
  return new CajalError(`the .npy header is not understood: ${what}`, {
    code: "npy-header",
    where: name,
    hint: "Write the file again with numpy.save(path, numpy.asarray(m, dtype=float)).",
  });
}

function ascii(bytes: Uint8Array): string {
  return new TextDecoder("latin1").decode(bytes);
}

/** Python literals that occur in a header, one alternative each: string, name, number (`3L` in Python 2), mark. */
const TOKEN = /\s*(?:'([^'\\]*)'|"([^"\\]*)"|([A-Za-z_]+)|(\d+)L?|([{}()[\],:]))/y;

interface Token {
  kind: "string" | "name" | "number" | "mark" | "end";
  text: string;
}

function tokens(text: string, name: string): Token[] {
  const out: Token[] = [];
  const trimmed = text.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < trimmed.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(trimmed);
    if (!match) throw badHeader(name, `near "${printable(trimmed.slice(at, at + 12))}"`);
    const [, single, double, word, digits, mark] = match;
    const quoted = single ?? double;
    if (quoted !== undefined) out.push({ kind: "string", text: quoted });
    else if (word !== undefined) out.push({ kind: "name", text: word });
    else if (digits !== undefined) out.push({ kind: "number", text: digits });
    else out.push({ kind: "mark", text: mark });
  }
  out.push({ kind: "end", text: "" });
  return out;
}

function parseDict(text: string, name: string): Omit<NpyHeader, "dataStart"> {
  const list = tokens(text, name);
  let at = 0;
  const expect = (mark: string) => {
    const token = list[at++];
    if (token?.kind !== "mark" || token.text !== mark) throw badHeader(name, `"${mark}" is missing`);
  };
  let descr: string | undefined;
  let fortranOrder: boolean | undefined;
  let shape: number[] | undefined;
  expect("{");
  while (list[at].text !== "}" || list[at].kind !== "mark") {
    const key = list[at++];
    if (key.kind !== "string") throw badHeader(name, "a key is missing");
    expect(":");
    if (key.text === "descr") descr = parseDescr(list[at++], name);
    else if (key.text === "fortran_order") fortranOrder = parseBoolean(list[at++], name);
    else if (key.text === "shape") {
      expect("(");
      const start = at;
      while (at < list.length && list[at].text !== ")") at++;
      shape = parseShape(list.slice(start, at), name);
      expect(")");
    } else throw badHeader(name, `unknown key "${printable(key.text)}"`);
    if (list[at].text === ",") at++;
    else if (list[at].text !== "}") throw badHeader(name, '"," is missing');
  }
  if (descr === undefined || fortranOrder === undefined || shape === undefined) {
    throw badHeader(name, "descr, fortran_order and shape are needed");
  }
  return { descr, fortranOrder, shape };
}

function parseDescr(token: Token, name: string): string {
  if (token.kind === "mark" && (token.text === "[" || token.text === "(")) {
    throw new CajalError("is a structured array (a table with named fields)", {
      code: "npy-structured",
      where: name,
      hint: 'Save one field: numpy.save(path, table["weight"]).',
    });
  }
  if (token.kind !== "string") throw badHeader(name, "descr is not a type name");
  if (/^[<>|=]?O/.test(token.text)) {
    throw new CajalError("is an array of Python objects, which only Python can read", {
      code: "npy-object-array",
      where: name,
      hint: "Save plain numbers: numpy.save(path, numpy.asarray(m, dtype=float)).",
    });
  }
  return token.text;
}

function parseBoolean(token: Token, name: string): boolean {
  if (token.kind === "name" && token.text === "True") return true;
  if (token.kind === "name" && token.text === "False") return false;
  throw badHeader(name, "fortran_order is neither True nor False");
}

function parseShape(list: Token[], name: string): number[] {
  const shape: number[] = [];
  list.forEach((token, i) => {
    const wanted = i % 2 === 0 ? "number" : "mark";
    if (token.kind !== wanted || (wanted === "mark" && token.text !== ","))
      throw badHeader(name, "bad shape");
    if (wanted === "number") shape.push(Number(token.text));
  });
  if (shape.length > MAX_DIMENSIONS) throw badHeader(name, `${shape.length} dimensions`);
  if (!shape.every((n) => Number.isSafeInteger(n))) throw badHeader(name, "a side of the shape is too long");
  return shape;
}

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?").slice(0, 40);
}
