/**
 * @file The weights of one projection from the bytes of a file: `.npy`, `.npz`, `.safetensors`, or a matrix as text. The
 * border where matrices in the other orientation are turned into Cajal's `w[post, pre]`.
 */

import { decodeText, listNpz, readNpy, readNpz, readNumberTable } from "../../connectome/index.ts";
import { CajalError, suggest } from "../../core/index.ts";
import type { WEIGHTS_FORMATS, WeightsFileSource } from "../spec/weights-file-schema.ts";
import { readSafetensors } from "./read-safetensors.ts";

/** What a file gives. */
export interface FileWeights {
  /** As people read it, for messages. */
  name: string;
  /** `(post, pre)`. */
  shape: readonly [post: number, pre: number];
  /** `w[post, pre]`, row by row. They may be anything yet, NaN too. */
  values: Float64Array;
  /** 0 where there is no synapse, as `values`; from the array that `mask` names. */
  mask?: Float64Array;
}

/**
 * Read weights.
 *
 * @param source - Everything but its `path`, which the caller has read.
 * @param name - Of the file, for messages.
 * @throws CajalError `unknown-array`, `choose-array`, `no-matrix`, `no-arrays`, and those of the format's reader.
 */
export function readWeights(
  bytes: Uint8Array,
  source: Omit<WeightsFileSource, "path">,
  name: string,
): FileWeights {
  const { format = formatOf(bytes, name), array, mask, orientation } = source;
  if (format !== "npz" && format !== "safetensors") {
    const given = array !== undefined ? "array" : typeof mask === "string" ? "mask" : undefined;
    if (given) {
      const what = `a ${format} file is one matrix, it has no array "${array ?? mask}"`;
      throw new CajalError(what, { code: `no-arrays-${given}`, where: name, hint: `Leave ${given} out.` });
    }
    const plain =
      format === "npy"
        ? readNpy(bytes, { name })
        : readNumberTable(decodeText(bytes, name), {
            ...source,
            name,
            ...(format === "tsv" && { separator: "\t" }),
          });
    return { name, ...oriented(matrixOf(plain, name), orientation) };
  }
  const archive = format === "npz" ? npzArrays(bytes, name) : safetensorsArrays(bytes, name);
  const weights = archive.read(array ?? chooseArray(archive, name), "array", name);
  const matrix = oriented(matrixOf(weights, name), orientation);
  if (typeof mask !== "string") return { name, ...matrix };
  const existing = oriented(matrixOf(archive.read(mask, "mask", name), name), orientation);
  if (existing.shape.join() !== matrix.shape.join()) {
    const what = `its array "${mask}" has another shape than the weights`;
    const hint = "A mask has a number for each weight: 0 where there is no synapse.";
    throw new CajalError(what, { code: "mask-shape", where: name, hint });
  }
  return { name, ...matrix, mask: existing.values };
}

// Implementation

interface Numbers {
  shape: readonly number[];
  values: ArrayLike<number>;
}

type Matrix = Pick<FileWeights, "shape" | "values">;

/** The arrays of a file that holds several. */
interface Archive {
  names: string[];
  /** @param key - The option that names the array, for its error. */
  read(array: string, key: "array" | "mask", name: string): Numbers;
}

function formatOf(bytes: Uint8Array, name: string): (typeof WEIGHTS_FORMATS)[number] {
  const starts = (...first: number[]) => first.every((byte, k) => bytes[k] === byte);
  if (starts(0x93, 0x4e, 0x55, 0x4d)) return "npy";
  if (starts(0x50, 0x4b)) return "npz";
  const extension = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  // A file that says what it is but does not start so is damaged; the reader will say that.
  if (extension === "npy" || extension === "npz" || extension === "safetensors") return extension;
  return extension === "tsv" ? "tsv" : "csv";
}

function npzArrays(bytes: Uint8Array, name: string): Archive {
  const names = listNpz(bytes, { name });
  return {
    names,
    read(array, key) {
      if (names.includes(array)) return readNpz(bytes, array, { name });
      throw unknownArray(array, { key, names, name });
    },
  };
}

function safetensorsArrays(bytes: Uint8Array, file: string): Archive {
  const tensors = readSafetensors(bytes, file);
  const names = Object.keys(tensors);
  return {
    names,
    read(array, key, name) {
      if (Object.hasOwn(tensors, array)) return tensors[array];
      throw unknownArray(array, { key, names, name });
    },
  };
}

function unknownArray(
  array: string,
  { key, names, name }: { key: "array" | "mask"; names: readonly string[]; name: string },
): CajalError {
  const hint = suggest(array, names);
  return new CajalError(`holds no array "${array}"`, { code: `unknown-${key}`, where: name, hint });
}

/** The only matrix. */
function chooseArray(archive: Archive, name: string): string {
  const { names } = archive;
  const matrices = names.filter((array) => {
    try {
      return archive.read(array, "array", name).shape.length === 2;
    } catch (error) {
      // An array of another kind (objects, tables) may stand beside the matrix; damage to the file may not.
      if (error instanceof CajalError && error.code.startsWith("npy-")) return false;
      throw error;
    }
  });
  if (matrices.length === 1) return matrices[0];
  throw new CajalError(`holds ${matrices.length} matrices`, {
    code: "choose-array",
    where: name,
    hint: `Say which by array, one of: ${names.slice(0, 20).join(", ")}.`,
  });
}

function matrixOf({ shape, values }: Numbers, name: string): Matrix {
  if (shape.length === 2) return { shape: [shape[0], shape[1]], values: Float64Array.from(values) };
  throw new CajalError(`the array has shape (${shape.join(", ")}), it is no matrix`, {
    code: "no-matrix",
    where: name,
    hint: "Weights have two axes, of receiving and of sending units.",
  });
}

function oriented({ shape, values }: Matrix, orientation: WeightsFileSource["orientation"]): Matrix {
  if (orientation === "post-pre") return { shape, values };
  const [rows, columns] = shape;
  const turned = new Float64Array(values.length);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) turned[j * rows + i] = values[i * columns + j];
  return { shape: [columns, rows], values: turned };
}
