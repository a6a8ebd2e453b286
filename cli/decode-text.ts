/**
 * @file Bytes of a file a user names, as text.
 */

import { CajalError } from "../src/core/index.ts";

/** Characters that no editor writes, and a terminal would obey. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for
const CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/;

/** UTF-8 without control characters. @param file - For the message. @throws CajalError `not-text`. */
export function decodeText(bytes: Uint8Array, { file, hint }: { file: string; hint: string }): string {
  const refuse = (cause?: unknown): never => {
    throw new CajalError(`${file} is not text`, { code: "not-text", hint, cause });
  };
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    return refuse(cause);
  }
  return CONTROL.test(text) ? refuse() : text;
}
