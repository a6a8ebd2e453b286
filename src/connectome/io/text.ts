/**
 * @file Bytes to text, with a clear refusal of what is not text.
 */

import { CajalError } from "../../core/index.ts";

/**
 * Decode UTF-8, or UTF-16 when a byte-order mark says so (as spreadsheets export "Unicode text").
 *
 * @param name - Name of the file, for error messages.
 * @throws CajalError `not-text`.
 */
export function decodeText(bytes: Uint8Array, name: string): string {
  const wide =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? "utf-16le"
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? "utf-16be"
        : undefined;
  let text: string;
  try {
    text = new TextDecoder(wide ?? "utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw notText(name, "the bytes are not UTF-8 text", cause);
  }
  if (text.includes("\0")) throw notText(name, "the file holds zero bytes, so it is not text");
  return text;
}

// Implementation

function notText(name: string, what: string, cause?: unknown): CajalError {
  return new CajalError(what, {
    code: "not-text",
    where: name,
    hint: "Save it as CSV in UTF-8, or name its real format (npy, npz).",
    cause,
  });
}
