/**
 * @file Safetensors files that an experiment names: what is wrong with one is said of the file.
 */

import { CajalError } from "../../core/index.ts";
import { decodeSafetensors, type SafetensorsContent } from "../../learning/index.ts";

/**
 * The tensors of a file.
 *
 * @param name - Of the file, for messages.
 * @throws CajalError those of `decodeSafetensors`, in the words of a file.
 */
export function readSafetensors(bytes: Uint8Array, name: string): SafetensorsContent["tensors"] {
  try {
    return decodeSafetensors(bytes).tensors;
  } catch (error) {
    if (!(error instanceof CajalError)) throw error;
    const { what, code, where = "", hint } = error;
    throw new CajalError(what, {
      code,
      where: where.replace(/^decodeSafetensors/, name),
      hint: hint?.startsWith("Give the bytes")
        ? "Name a whole safetensors file, such as a run has in its folder weights/."
        : hint,
    });
  }
}
