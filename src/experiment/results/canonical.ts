/**
 * @file Plain data compared as values: canonical text, fingerprints, and where two differ.
 */

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

/** JSON with keys in order, so that equal data have equal text. */
export function canonicalJson(data: unknown): string {
  if (Array.isArray(data)) return `[${data.map(canonicalJson).join(",")}]`;
  if (typeof data === "object" && data !== null) {
    const entries = Object.entries(data).filter(([, value]) => value !== undefined);
    entries.sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${canonicalJson(value)}`).join(",")}}`;
  }
  return JSON.stringify(data) ?? "null";
}

/** SHA-256 of text or bytes, 64 hexadecimal digits. */
export function fingerprint(content: string | Uint8Array): string {
  return bytesToHex(sha256(typeof content === "string" ? utf8ToBytes(content) : content));
}

/** One place where two data differ. */
export interface Difference {
  path: string;
  before: unknown;
  now: unknown;
}

/** Every place where two data differ, by dotted path. */
export function differences(before: unknown, now: unknown, path = ""): Difference[] {
  const plain = (v: unknown) => typeof v === "object" && v !== null && !Array.isArray(v);
  if (plain(before) && plain(now)) {
    const a = before as Record<string, unknown>;
    const b = now as Record<string, unknown>;
    const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
    return keys.flatMap((key) => differences(a[key], b[key], path ? `${path}.${key}` : key));
  }
  if (Array.isArray(before) && Array.isArray(now) && before.length === now.length)
    return before.flatMap((item, i) => differences(item, now[i], `${path}.${i}`));
  return canonicalJson(before) === canonicalJson(now) ? [] : [{ path, before, now }];
}
