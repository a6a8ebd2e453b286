/**
 * @file The whole state of a run as one piece of bytes: memory, step and frozen rules. Random numbers are addressed by
 * the step, so nothing else is needed to go on bit for bit.
 */

import { CajalError, streamKey } from "../core/index.ts";
import type { RunPlan } from "./plan.ts";

/** What an image holds beside the memory. */
export interface ImageHeader {
  step: number;
  frozen: string[];
  /** Of the plan: an image fits only the network and options it was taken from. */
  fingerprint: string;
}

const MAGIC = "CAJALRUN";

/** Fingerprint of a plan: sizes, names, equations and options that say what lies where. */
export function fingerprint({ options, network, bytes }: RunPlan): string {
  const { dt, precision, stride, instances, streams } = options;
  const text = JSON.stringify([
    { bytes, dt, precision, stride, instances, streams },
    network.populations.map((p) => [p.name, p.size, p.neuron]),
    network.inputs,
    network.projections.map((p) => [p.name, p.from, p.to, p.target, p.sameStep, p.delay, p.plasticity]),
  ]);
  return [...streamKey(text)].map((word) => word.toString(16).padStart(8, "0")).join("");
}

/** Pack an image: magic, header length, header as JSON, memory. */
export function packImage(header: ImageHeader, memory: Uint8Array): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const start = MAGIC.length + 4 + text.length;
  const out = new Uint8Array(start + memory.length);
  out.set(new TextEncoder().encode(MAGIC));
  new DataView(out.buffer).setUint32(MAGIC.length, text.length, true);
  out.set(text, MAGIC.length + 4);
  out.set(memory, start);
  return out;
}

/** Unpack an image that fits the plan. @throws CajalError `bad-image`. */
export function unpackImage(image: Uint8Array, plan: RunPlan): { header: ImageHeader; memory: Uint8Array } {
  const fail = (what: string, hint: string): never => {
    throw new CajalError(what, { code: "bad-image", where: "restore", hint });
  };
  const whole = "Give the bytes that save() returned, whole.";
  const magic = new TextDecoder().decode(image.subarray(0, MAGIC.length));
  if (magic !== MAGIC || image.length < MAGIC.length + 4) fail("these bytes are no image of a run", whole);
  const length = new DataView(image.buffer, image.byteOffset).getUint32(MAGIC.length, true);
  const start = MAGIC.length + 4 + length;
  if (start > image.length) fail("the image is cut short", whole);
  const header = parseHeader(image.subarray(MAGIC.length + 4, start));
  if (header === undefined) return fail("the header of the image is damaged", whole);
  if (header.fingerprint !== fingerprint(plan)) {
    fail(
      "the image is of another network, or of other options",
      "Make the simulation with the same network, dt, precision, instances and seed.",
    );
  }
  const memory = image.subarray(start);
  if (memory.length !== plan.bytes) fail(`the image holds ${memory.length} bytes of ${plan.bytes}`, whole);
  return { header, memory };
}

// Implementation

function parseHeader(bytes: Uint8Array): ImageHeader | undefined {
  try {
    const { step, frozen, fingerprint } = JSON.parse(new TextDecoder().decode(bytes)) as Partial<ImageHeader>;
    const good =
      Number.isSafeInteger(step) &&
      step! >= 0 &&
      Array.isArray(frozen) &&
      frozen.every((name) => typeof name === "string") &&
      typeof fingerprint === "string";
    return good ? { step: step!, frozen, fingerprint } : undefined;
  } catch {
    return undefined;
  }
}
