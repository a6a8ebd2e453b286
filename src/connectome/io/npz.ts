/**
 * @file NumPy's `.npz`: a ZIP archive of `.npy` arrays, read from and written to bytes.
 */

import { zipSync } from "fflate";
import { CajalError, suggest } from "../../core/index.ts";
import { type NpyWriteType, type NumberArray, readNpy, writeNpy } from "./npy.ts";
import { listZip, readZipEntry, type ZipEntry } from "./zip.ts";

/** Options of the `.npz` readers. */
export interface NpzOptions {
  /** Name of the file, for error messages. */
  name?: string;
  /** Largest unpacked array accepted [bytes]. */
  maxBytes?: number;
}

const DEFAULT_MAX_BYTES = 2 ** 30;
const SUFFIX = ".npy";

/** Names of the arrays in a `.npz` file, in file order. @throws CajalError `zip-corrupt`, `zip-unsupported`. */
export function listNpz(bytes: Uint8Array, { name = "npz" }: NpzOptions = {}): string[] {
  return arraysOf(bytes, name).map((entry) => entry.name.slice(0, -SUFFIX.length));
}

/**
 * Read one array of a `.npz` file.
 *
 * @throws CajalError `npz-unknown-array` with the names there are, `zip-corrupt`, `zip-unsupported`, `zip-too-large`
 * and those of `readNpy`.
 */
export function readNpz(bytes: Uint8Array, array: string, options: NpzOptions = {}): NumberArray {
  const { name = "npz" } = options;
  return readNpy(readNpzBytes(bytes, array, options), { name: `${name}, ${array}` });
}

/** The `.npy` bytes of one array of a `.npz` file, for a look at its header. */
export function readNpzBytes(bytes: Uint8Array, array: string, options: NpzOptions = {}): Uint8Array {
  const { name = "npz", maxBytes = DEFAULT_MAX_BYTES } = options;
  const entries = arraysOf(bytes, name);
  const entry = entries.find((e) => e.name === array + SUFFIX);
  if (!entry) {
    const names = entries.map((e) => e.name.slice(0, -SUFFIX.length));
    throw new CajalError(`holds no array "${array}"`, {
      code: "npz-unknown-array",
      where: name,
      hint: suggest(array, names),
    });
  }
  return readZipEntry(bytes, entry, { name, limit: maxBytes });
}

/**
 * Write a `.npz` file. The same arrays give the same bytes: no time is stored.
 *
 * @param arrays - By name; values row-major.
 * @param options.compress - Deflate the arrays, as `numpy.savez_compressed` does.
 */
export function writeNpz(
  arrays: Readonly<
    Record<string, { shape: readonly number[]; values: ArrayLike<number>; type?: NpyWriteType }>
  >,
  { compress = false }: { compress?: boolean } = {},
): Uint8Array {
  const files: Record<string, Uint8Array> = {};
  for (const [name, { shape, values, type = "f8" }] of Object.entries(arrays)) {
    files[name + SUFFIX] = writeNpy({ shape, values }, { type });
  }
  // The time of day 0 of ZIP, in local time as ZIP has it: the same bytes in every time zone.
  return zipSync(files, { level: compress ? 6 : 0, mtime: "1980-01-01T00:00:00" });
}

// Implementation

function arraysOf(bytes: Uint8Array, name: string): ZipEntry[] {
  return listZip(bytes, name).filter((entry) => entry.name.endsWith(SUFFIX));
}
