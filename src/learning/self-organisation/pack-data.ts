/**
 * @file Plain data with typed arrays in it as one piece of bytes, and back: what a run writes down to go on from later.
 */

import { CajalError } from "../../core/index.ts";

const MAGIC = "CAJALDAT";

const ARRAYS = { Uint8Array, Int32Array, Uint32Array, Float32Array, Float64Array } as const;

type Packed = InstanceType<(typeof ARRAYS)[keyof typeof ARRAYS]>;

/** Where an array lies in the body: kind, bytes from its start, entries. */
type Place = { $array: [keyof typeof ARRAYS, number, number] };

/**
 * Pack numbers, texts, lists, objects and typed arrays: magic, length of the text, JSON with the place of each array,
 * the arrays. Numbers of the JSON must be finite.
 */
export function packData(data: unknown): Uint8Array<ArrayBuffer> {
  const arrays: Packed[] = [];
  let bytes = 0;
  const text = JSON.stringify(data, (_key, value: unknown) => {
    const kind = kindOf(value);
    if (kind === undefined) return value;
    const array = value as Packed;
    const place: Place = { $array: [kind, bytes, array.length] };
    arrays.push(array);
    bytes += aligned(array.byteLength);
    return place;
  });
  const head = new TextEncoder().encode(text);
  const start = aligned(MAGIC.length + 8 + head.length);
  const out = new Uint8Array(start + bytes);
  out.set(new TextEncoder().encode(MAGIC));
  new DataView(out.buffer).setUint32(MAGIC.length, head.length, true);
  out.set(head, MAGIC.length + 8);
  let at = start;
  for (const array of arrays) {
    out.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at += aligned(array.byteLength);
  }
  return out;
}

/** What {@link packData} packed. @throws CajalError `bad-image` when the bytes are not whole. */
export function unpackData(bytes: Uint8Array): unknown {
  const fail = (what: string): never => {
    throw new CajalError(what, {
      code: "bad-image",
      where: "restore",
      hint: "Give the bytes that save() returned, whole.",
    });
  };
  const magic = new TextDecoder().decode(bytes.subarray(0, MAGIC.length));
  if (magic !== MAGIC || bytes.length < MAGIC.length + 8) fail("these bytes are no record of a run");
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(MAGIC.length, true);
  const start = aligned(MAGIC.length + 8 + length);
  if (start > bytes.length) fail("the record is cut short");
  const text = new TextDecoder().decode(bytes.subarray(MAGIC.length + 8, MAGIC.length + 8 + length));
  try {
    return JSON.parse(text, (_key, value: unknown) => {
      if (typeof value !== "object" || value === null || !("$array" in value)) return value;
      const [kind, offset, entries] = (value as Place).$array;
      const from = start + offset;
      const to = from + entries * ARRAYS[kind].BYTES_PER_ELEMENT;
      if (!(to <= bytes.length)) throw new RangeError();
      return new ARRAYS[kind](bytes.slice(from, to).buffer);
    });
  } catch {
    return fail("the record is cut short or damaged");
  }
}

// Implementation

function kindOf(value: unknown): keyof typeof ARRAYS | undefined {
  if (!ArrayBuffer.isView(value)) return undefined;
  const kind = value.constructor.name as keyof typeof ARRAYS;
  if (kind in ARRAYS) return kind;
  throw new CajalError(`a ${kind} cannot be packed`, { code: "bad-data", where: "packData" });
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}
