/**
 * @file The header of a safetensors file, read without trust: every claim is checked against the bytes that are there.
 */

import { CajalError } from "../../../core/index.ts";

/** One array of a file: bytes `from` to `to` after the header. */
export interface StoredTensor {
  name: string;
  dtype: keyof typeof SIZES;
  shape: number[];
  from: number;
  to: number;
}

/** What a header says. */
export interface SafetensorsHeader {
  tensors: StoredTensor[];
  metadata: Record<string, string>;
  /** First byte of the data. */
  start: number;
}

const SIZES = { F64: 8, F32: 4, I8: 1, U8: 1, BOOL: 1 } as const;
/** Other dtypes of the format, known so that the message can say what it is. */
const OTHERS = ["I16", "U16", "F16", "BF16", "I32", "U32", "I64", "U64"];
/** The reference implementation refuses longer ones too. */
const LONGEST = 100_000_000;

/** Read and check. @throws CajalError `bad-safetensors`, `unsupported-dtype`. */
export function readSafetensorsHeader(bytes: Uint8Array): SafetensorsHeader {
  if (bytes.length < 8) throw fail(`${bytes.length} bytes are too few, a header has 8 or more`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(0, true) + 2 ** 32 * view.getUint32(4, true);
  if (length > LONGEST) throw fail(`the header claims ${length} bytes, at most ${LONGEST} are allowed`);
  const start = 8 + length;
  if (start > bytes.length) throw fail(`the header claims ${length} bytes, ${bytes.length - 8} follow`);
  const header = parse(bytes.subarray(8, start));
  const { __metadata__: texts = {}, ...rest } = header;
  const tensors = Object.entries(rest).map(([name, entry]) => readEntry(name, entry));
  checkPlaces(tensors, bytes.length - start);
  return { tensors, metadata: readTexts(texts), start };
}

// Implementation

function fail(what: string, where = "decodeSafetensors"): CajalError {
  return new CajalError(what, {
    code: "bad-safetensors",
    where,
    hint: "Give the bytes of a safetensors file, whole.",
  });
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function parse(bytes: Uint8Array): Record<string, unknown> {
  if (bytes[0] !== 0x7b) throw fail('the header does not begin with "{"');
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (cause) {
    throw fail(`the header is no JSON: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  if (!isObject(header)) throw fail("the header is no table of arrays");
  return header;
}

function readTexts(texts: unknown): Record<string, string> {
  const entries = isObject(texts) ? Object.entries(texts) : undefined;
  if (!entries?.every(([, text]) => typeof text === "string"))
    throw fail("__metadata__ holds more than texts");
  return Object.fromEntries(entries) as Record<string, string>;
}

function readEntry(name: string, entry: unknown): StoredTensor {
  const where = `decodeSafetensors, "${name}"`;
  if (!isObject(entry)) throw fail("its entry is no table", where);
  const { dtype, shape, data_offsets: places } = entry;
  if (!isRead(dtype)) {
    if (!OTHERS.includes(dtype as string)) throw fail(`unknown dtype ${JSON.stringify(dtype)}`, where);
    throw new CajalError(`its numbers are ${dtype}, only F64, F32, I8, U8 and BOOL are read`, {
      code: "unsupported-dtype",
      where,
      hint: "Convert the array to float32 or float64 before it is saved.",
    });
  }
  const isWhole = (n: unknown): n is number => Number.isSafeInteger(n) && (n as number) >= 0;
  if (!Array.isArray(shape) || !shape.every(isWhole))
    throw fail("its shape is no list of whole numbers", where);
  if (!Array.isArray(places) || places.length !== 2 || !places.every(isWhole) || places[0] > places[1])
    throw fail("its data_offsets are no pair of bytes", where);
  const [from, to] = places as [number, number];
  const count = shape.reduce((a: number, b: number) => a * b, 1);
  if (count * SIZES[dtype] !== to - from) {
    const what = `shape (${shape.join(", ")}) of ${dtype} needs ${count * SIZES[dtype]} bytes, it has ${to - from}`;
    throw fail(what, where);
  }
  return { name, dtype, shape, from, to };
}

const isRead = (dtype: unknown): dtype is keyof typeof SIZES =>
  typeof dtype === "string" && Object.hasOwn(SIZES, dtype);

/** The format wants the data covered without gaps, overlaps or rest. */
function checkPlaces(tensors: readonly StoredTensor[], bytes: number): void {
  let end = 0;
  for (const { name, from, to } of [...tensors].sort((a, b) => a.from - b.from || a.to - b.to)) {
    if (from !== end) {
      const what = `it begins at byte ${from} of the data, the one before ends at ${end}`;
      throw fail(what, `decodeSafetensors, "${name}"`);
    }
    end = to;
  }
  if (end !== bytes) throw fail(`arrays end at byte ${end} of the data, which has ${bytes}`);
}
