/**
 * @file The directory of a ZIP archive and its entries, with every offset and declared size checked before it is
 * used. After PKWARE's APPNOTE; stored and deflated entries, no encryption, ZIP64 only as far as needed to refuse it.
 * Decompression is fflate's.
 */

import { inflateSync } from "fflate";
import { CajalError, plural } from "../../core/index.ts";

/** One file of an archive. */
export interface ZipEntry {
  name: string;
  /** Size once decompressed, as declared [bytes]. */
  size: number;
  compressedSize: number;
  /** 0 stored, 8 deflated. */
  method: number;
  crc: number;
  /** Offset of the local header. */
  offset: number;
}

/** Deflate cannot do better than 258 bytes for 2 bits; a larger declared size is a lie. */
const MAX_DEFLATE_RATIO = 1032;
const END_SIZE = 22;
const ENTRY_SIZE = 46;
const LOCAL_SIZE = 30;

/** Whether the bytes start like a ZIP archive, also an empty one. */
export function isZip(bytes: Uint8Array): boolean {
  if (bytes.length < 4 || bytes[0] !== 0x50 || bytes[1] !== 0x4b) return false;
  return (bytes[2] === 3 && bytes[3] === 4) || (bytes[2] === 5 && bytes[3] === 6);
}

/**
 * The entries of an archive, in the order of its directory. Nothing is decompressed.
 *
 * @throws CajalError `zip-corrupt`, `zip-unsupported`.
 */
export function listZip(bytes: Uint8Array, name = "zip"): ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view, name);
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  if (count === 0xffff || at === 0xffffffff) throw unsupported(name, "is a ZIP64 archive");
  const entries: ZipEntry[] = [];
  for (let i = 0; i < count; i++) {
    if (at + ENTRY_SIZE > end || view.getUint32(at, true) !== 0x02014b50) {
      throw corrupt(name, `entry ${i + 1} of ${count} of its directory is missing`);
    }
    const nameLength = view.getUint16(at + 28, true);
    const next = at + ENTRY_SIZE + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (next > end) throw corrupt(name, `entry ${i + 1} of its directory is cut off`);
    const label = bytes.subarray(at + ENTRY_SIZE, at + ENTRY_SIZE + nameLength);
    if (view.getUint16(at + 8, true) & 1) throw unsupported(name, "is encrypted");
    entries.push({
      name: new TextDecoder().decode(label),
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      compressedSize: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true),
    });
    at = next;
  }
  return entries;
}

/**
 * Decompress one entry.
 *
 * @param limit - Largest declared size accepted [bytes].
 * @throws CajalError `zip-too-large`, `zip-corrupt`, `zip-unsupported`.
 */
export function readZipEntry(
  bytes: Uint8Array,
  entry: ZipEntry,
  { name, limit }: { name: string; limit: number },
) {
  const { size, compressedSize, offset, method } = entry;
  const where = `${name}, ${entry.name}`;
  if (size > limit) {
    const hint = "Raise maxBytes if the file is yours and memory allows.";
    const what = `says it unpacks to ${size} bytes, more than the limit of ${limit}`;
    throw new CajalError(what, { code: "zip-too-large", where, hint });
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (offset + LOCAL_SIZE > bytes.length || view.getUint32(offset, true) !== 0x04034b50) {
    throw corrupt(where, "the entry is not where the directory says");
  }
  const start = offset + LOCAL_SIZE + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  if (start + compressedSize > bytes.length) throw corrupt(where, "the entry is cut off");
  const packed = bytes.subarray(start, start + compressedSize);
  const data = unpack(packed, method, size, where);
  if (crc32(data) !== entry.crc) throw corrupt(where, "the checksum does not match");
  return data;
}

// Implementation

function corrupt(where: string, what: string): CajalError {
  return new CajalError(`the archive is damaged: ${what}`, {
    code: "zip-corrupt",
    where,
    hint: "Copy or download it again.",
  });
}

function unsupported(where: string, what: string): CajalError {
  return new CajalError(what, {
    code: "zip-unsupported",
    where,
    hint: "Save it with numpy.savez or numpy.savez_compressed, below 4 GB.",
  });
}

/** The end record stands last, before a comment of at most 65535 bytes. */
function findEnd(view: DataView, name: string): number {
  const lowest = Math.max(0, view.byteLength - END_SIZE - 0xffff);
  for (let at = view.byteLength - END_SIZE; at >= lowest; at--) {
    if (view.getUint32(at, true) === 0x06054b50) return at;
  }
  throw corrupt(name, "its directory is missing");
}

function unpack(packed: Uint8Array, method: number, size: number, where: string): Uint8Array {
  if (method === 0) {
    if (packed.length !== size)
      throw corrupt(where, `${plural(packed.length, "byte is", "bytes are")} stored, ${size} declared`);
    return packed;
  }
  if (method !== 8) throw unsupported(where, `is compressed by method ${method}`);
  if (size > MAX_DEFLATE_RATIO * packed.length) {
    throw corrupt(where, `${plural(packed.length, "byte")} cannot unpack to the ${size} declared`);
  }
  // One byte more than declared: data that go on are then seen as a wrong length, not silently dropped.
  const out = new Uint8Array(size + 1);
  let data: Uint8Array;
  try {
    data = inflateSync(packed, { out });
  } catch (cause) {
    throw new CajalError("the archive is damaged: its data cannot be unpacked", {
      code: "zip-corrupt",
      where,
      hint: "Copy or download it again.",
      cause,
    });
  }
  if (data.length !== size)
    throw corrupt(where, `its data unpack to another length than the ${size} declared`);
  return data;
}

/** CRC-32 (ISO 3309); the table is made per call, as nothing runs on import. */
function crc32(data: Uint8Array): number {
  const table = new Uint32Array(256);
  for (let n = 0; n < 256; n++) {
    let c = n;
    for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
    table[n] = c;
  }
  let crc = 0xffffffff;
  for (let k = 0; k < data.length; k++) crc = table[(crc ^ data[k]) & 0xff] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
