/**
 * @file NumPy's `.npy` arrays, read from and written to bytes. Numbers become 64-bit floats in C order.
 * Not for arrays of Python objects or structured types, which are refused with the mend.
 */

import { CajalError, plural } from "../../core/index.ts";
import { readNpyHeader, truncated } from "./npy-header.ts";

/** An n-dimensional array of numbers. */
export interface NumberArray {
  /** Length along each axis, slowest first; empty for a single number. */
  shape: number[];
  /** Row-major (C order), the product of `shape` long. */
  values: Float64Array;
  /** NumPy type string of the file it came from, e.g. `<f8`. */
  descr: string;
}

/** Types {@link writeNpy} writes, all little-endian: 64-bit float, 32-bit float, 32-bit whole number. */
export type NpyWriteType = "f8" | "f4" | "i4";

/**
 * Read a `.npy` file of booleans, whole numbers or floats of either byte order and either memory order.
 *
 * @param name - Name of the file, for error messages.
 * @returns The array in C order, whatever the order in the file.
 * @throws CajalError `npy-magic`, `npy-version`, `npy-truncated`, `npy-header`, `npy-object-array`, `npy-structured`,
 * `npy-type`, `npy-precision` (a 64-bit whole number beyond ±2^53).
 * @example const { shape, values } = readNpy(bytes, { name: "C_Macaque.npy" });
 */
export function readNpy(bytes: Uint8Array, { name = "npy" }: { name?: string } = {}): NumberArray {
  const { descr, fortranOrder, shape, dataStart } = readNpyHeader(bytes, name);
  const type = readerOf(descr, name);
  let count = 1;
  for (const n of shape) count *= n;
  // In floating point the product may overflow to Infinity, which then is not available either.
  const available = bytes.length - dataStart;
  if (!(count * type.size <= available)) {
    const sides = shape.join(" × ");
    throw truncated(
      name,
      `${sides} values of type ${descr} need ${plural(count * type.size, "byte")}, ${plural(available, "is", "are")} left`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + dataStart, count * type.size);
  const values = new Float64Array(count);
  for (let k = 0; k < count; k++) values[k] = type.read(view, k * type.size);
  if (type.wide) checkPrecision(values, descr, name);
  return { shape, values: fortranOrder ? fromFortranOrder(values, shape) : values, descr };
}

/**
 * Write a `.npy` file (version 1.0, C order, little-endian), byte for byte as `numpy.save` does.
 *
 * @param array.values - Row-major, the product of `shape` long.
 * @throws CajalError `shape`, `npy-range` when a value is not a whole number of 32 bits and `type` is `i4`.
 */
export function writeNpy(
  { shape, values }: { shape: readonly number[]; values: ArrayLike<number> },
  { type = "f8" }: { type?: NpyWriteType } = {},
): Uint8Array {
  const count = shape.reduce((product, n) => product * n, 1);
  if (count !== values.length) {
    const what = `${plural(values.length, "value does", "values do")} not fill the shape ${shape.join(" × ")}`;
    throw new CajalError(what, { code: "shape", where: "writeNpy", hint: "Give the shape of the values." });
  }
  const sides = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const dict = `{'descr': '<${type}', 'fortran_order': False, 'shape': (${sides}), }`;
  // NumPy pads with blanks so that the data start at a multiple of 64.
  const start = Math.ceil((10 + dict.length + 1) / 64) * 64;
  const size = type === "f8" ? 8 : 4;
  const out = new Uint8Array(start + count * size);
  const view = new DataView(out.buffer);
  out.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  view.setUint16(8, start - 10, true);
  out.set(new TextEncoder().encode(`${dict.padEnd(start - 11)}\n`), 10);
  for (let k = 0; k < count; k++) {
    if (type === "f8") view.setFloat64(start + k * 8, values[k], true);
    else if (type === "f4") view.setFloat32(start + k * 4, values[k], true);
    else view.setInt32(start + k * 4, wholeNumber(values[k], k), true);
  }
  return out;
}

// Implementation

interface ElementReader {
  size: number;
  /** Whether values may lie beyond the whole numbers a 64-bit float holds exactly. */
  wide: boolean;
  read(view: DataView, offset: number): number;
}

/** Readers by type name; the flag is "little-endian". */
const READERS: Record<string, (view: DataView, offset: number, little: boolean) => number> = {
  b1: (v, o) => (v.getUint8(o) === 0 ? 0 : 1),
  i1: (v, o) => v.getInt8(o),
  u1: (v, o) => v.getUint8(o),
  i2: (v, o, little) => v.getInt16(o, little),
  u2: (v, o, little) => v.getUint16(o, little),
  i4: (v, o, little) => v.getInt32(o, little),
  u4: (v, o, little) => v.getUint32(o, little),
  i8: (v, o, little) => Number(v.getBigInt64(o, little)),
  u8: (v, o, little) => Number(v.getBigUint64(o, little)),
  f4: (v, o, little) => v.getFloat32(o, little),
  f8: (v, o, little) => v.getFloat64(o, little),
};

function readerOf(descr: string, name: string): ElementReader {
  const order = /^[<>|=]/.test(descr) ? descr[0] : "=";
  const kind = order === "=" && descr[0] !== "=" ? descr : descr.slice(1);
  const read = Object.hasOwn(READERS, kind) ? READERS[kind] : undefined;
  const size = Number(kind[1]);
  // "|" says the byte order does not matter, which holds for single bytes only.
  if (!read || (order === "|" && size > 1)) {
    throw new CajalError(`holds values of type "${descr.slice(0, 20)}"`, {
      code: "npy-type",
      where: name,
      hint: "Booleans, i1 to i8, u1 to u8, f4 and f8 are read. Save numpy.asarray(m, dtype=float).",
    });
  }
  return {
    size,
    wide: kind === "i8" || kind === "u8",
    read: (view, offset) => read(view, offset, order !== ">"),
  };
}

function checkPrecision(values: Float64Array, descr: string, name: string): void {
  const k = values.findIndex((v) => Math.abs(v) > Number.MAX_SAFE_INTEGER);
  if (k < 0) return;
  throw new CajalError(`value ${k} of type ${descr} is beyond ±2^53 and cannot be kept exactly`, {
    code: "npy-precision",
    where: name,
    hint: "Save numpy.asarray(m, dtype=float) if rounding is meant.",
  });
}

function fromFortranOrder(values: Float64Array, shape: number[]): Float64Array {
  const out = new Float64Array(values.length);
  const index = new Array<number>(shape.length).fill(0);
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1] * shape[axis + 1];
  let place = 0;
  for (let k = 0; k < values.length; k++) {
    out[place] = values[k];
    // Count up with the first axis fastest, keeping the row-major place in step.
    for (let axis = 0; axis < shape.length; axis++) {
      place += strides[axis];
      if (++index[axis] < shape[axis]) break;
      place -= shape[axis] * strides[axis];
      index[axis] = 0;
    }
  }
  return out;
}

function wholeNumber(value: number, k: number): number {
  if ((value | 0) === value) return value;
  throw new CajalError(`value ${k} is ${value}, not a whole number of 32 bits`, {
    code: "npy-range",
    where: "writeNpy",
    hint: "Write type f8.",
  });
}
