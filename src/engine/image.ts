/**
 * @file The whole state of a run as one piece of bytes: memory, step and frozen rules. Random numbers are addressed by
 * the step, so nothing else is needed to go on bit for bit.
 */

import { CajalError } from "../core/index.ts";
import { digest } from "./digest.ts";
import type { RunPlan } from "./plan.ts";

/** What an image holds beside the memory. */
export interface ImageHeader {
  step: number;
  frozen: string[];
  /** Of the plan: an image fits only the network and options it was taken from. */
  fingerprint: string;
}

const MAGIC = "CAJALRUN";
/** Hexadecimal digits of a digest. */
const DIGEST = 16;
/** Magic, digest of all that follows, length of the header. */
const PREFIX = MAGIC.length + DIGEST + 4;

const fingerprints = new WeakMap<RunPlan, string>();

/** Fingerprint of a plan: the network with its weights, and the options; the backend is left out. */
export function fingerprint(plan: RunPlan): string {
  const known = fingerprints.get(plan);
  if (known !== undefined) return known;
  const { backend, ...options } = plan.options;
  const text = JSON.stringify([plan.bytes, options, plan.network], (_name, value: unknown) =>
    ArrayBuffer.isView(value)
      ? digest(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))
      : value,
  );
  const made = digest(new TextEncoder().encode(text));
  fingerprints.set(plan, made);
  return made;
}

/** Pack an image: magic, digest, header length, header as JSON, memory. */
export function packImage(header: ImageHeader, memory: Uint8Array): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const out = new Uint8Array(PREFIX + text.length + memory.length);
  out.set(new TextEncoder().encode(MAGIC));
  new DataView(out.buffer).setUint32(PREFIX - 4, text.length, true);
  out.set(text, PREFIX);
  out.set(memory, PREFIX + text.length);
  out.set(new TextEncoder().encode(digest(out.subarray(PREFIX - 4))), MAGIC.length);
  return out;
}

/** Unpack an image that fits the plan. @throws CajalError `bad-image`. */
export function unpackImage(image: Uint8Array, plan: RunPlan): { header: ImageHeader; memory: Uint8Array } {
  const fail = (what: string, hint = "Give the bytes that save() returned, whole."): never => {
    throw new CajalError(what, { code: "bad-image", where: "restore", hint });
  };
  const read = (from: number, to: number) => new TextDecoder().decode(image.subarray(from, to));
  if (read(0, MAGIC.length) !== MAGIC || image.length < PREFIX) fail("these bytes are no image of a run");
  if (read(MAGIC.length, PREFIX - 4) !== digest(image.subarray(PREFIX - 4))) {
    fail("the image is damaged or cut short");
  }
  const start = PREFIX + new DataView(image.buffer, image.byteOffset).getUint32(PREFIX - 4, true);
  const header = JSON.parse(read(PREFIX, start)) as ImageHeader;
  if (header.fingerprint !== fingerprint(plan)) {
    fail(
      "the image is of another network, or of other options",
      "Make the simulation with the same network, dt, precision, instances and seed.",
    );
  }
  return { header, memory: image.subarray(start) };
}
