/**
 * @file Arrays of one job as a `.npz` archive: what `numpy.load` opens, the same bytes for the same arrays.
 */

import { zipSync } from "fflate";
import { listNpz, readNpzBytes } from "../../connectome/index.ts";
import { CajalError } from "../../core/index.ts";
import { damagedRun } from "./damaged-run.ts";

/** Number types that are written, by NumPy's name. */
const TYPES = { u1: Uint8Array, u2: Uint16Array, u4: Uint32Array, f8: Float64Array } as const;

type ArrayType = keyof typeof TYPES;
/** An array that can be written. */
export type Values = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/** Numbers with the length of each axis, slowest first. */
export interface ShapedArray {
  shape: readonly number[];
  values: Values;
}

/** Arrays by name. */
export type ArrayArchive = Readonly<Record<string, ShapedArray>>;

/** One axis. */
export function vector(values: Values): ShapedArray {
  return { shape: [values.length], values };
}

/** Bytes of an archive. */
export function encodeArchive(arrays: ArrayArchive): Uint8Array {
  const files = Object.entries(arrays).map(([name, array]) => [`${name}.npy`, encodeArray(array)]);
  // A fixed date: the archive depends on its arrays alone.
  return zipSync(Object.fromEntries(files), { level: 1, mtime: new Date(1980, 0, 1) });
}

/** Beyond this nothing fits into the archives we write [bytes]. */
const MAX_BYTES = 2 ** 32;

/** The arrays of an archive made by {@link encodeArchive}, checksums checked. @throws CajalError `damaged-run`. */
export function decodeArchive(bytes: Uint8Array, { name }: { name: string }): Record<string, ShapedArray> {
  try {
    const read = (array: string) => decodeArray(readNpzBytes(bytes, array, { maxBytes: MAX_BYTES }));
    return Object.fromEntries(listNpz(bytes).map((array) => [array, read(array)]));
  } catch (cause) {
    const what = cause instanceof CajalError ? cause.what : "its arrays cannot be read";
    throw damagedRun(`${name} is damaged: ${what.replace(/^the archive is damaged: /, "")}`, cause);
  }
}

// Implementation

/** NumPy's format 1.0: magic, version, length of the header, header, data at a multiple of 64. */
function encodeArray({ shape, values }: ShapedArray): Uint8Array {
  const type = (Object.keys(TYPES) as ArrayType[]).find((key) => values instanceof TYPES[key])!;
  const sides = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const dict = `{'descr': '${type === "u1" ? "|" : "<"}${type}', 'fortran_order': False, 'shape': (${sides}), }`;
  const start = Math.ceil((10 + dict.length + 1) / 64) * 64;
  const out = new Uint8Array(start + values.byteLength);
  out.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  new DataView(out.buffer).setUint16(8, start - 10, true);
  out.set(new TextEncoder().encode(`${dict.padEnd(start - 11)}\n`), 10);
  // Machines that Node runs on are little-endian, as the file is.
  out.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), start);
  return out;
}

function decodeArray(bytes: Uint8Array): ShapedArray {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint16(8, true);
  const header = new TextDecoder().decode(bytes.subarray(10, 10 + length));
  const [, type, sides] = /'descr': '[<|](\w+)', .*'shape': \(([\d, ]*)\)/.exec(header)!;
  const shape = sides.split(",").flatMap((side) => (side.trim() === "" ? [] : [Number(side)]));
  // A copy, so that wide numbers are aligned.
  return { shape, values: new TYPES[type as ArrayType](bytes.slice(10 + length).buffer) };
}
