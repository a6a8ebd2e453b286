/**
 * @file Named random streams. A value is a function of (seed, stream name, position), so results do not depend on
 * the number of workers, the order of jobs, or what else was drawn.
 */

import { sha256 } from "@noble/hashes/sha2.js";
import { cos, log } from "../elementary.ts";
import { CajalError } from "../errors.ts";
import { philox4x32 } from "./philox.ts";

/** A stream of random numbers that knows its name; `stream` opens an independent one below it. */
export interface Rng {
  /** Path of this stream, e.g. `7/null-models/3`. */
  readonly name: string;
  /** Uniform in [0, 1) with 53 bits. */
  uniform(): number;
  /** Standard normal, Box–Muller. */
  normal(): number;
  /** Uniform integer in 0 … n − 1, without bias. */
  integer(n: number): number;
  /** Independent stream called `name`; the same name always opens the same stream. */
  stream(name: string | number): Rng;
}

/**
 * Root stream of a seed.
 *
 * @param seed - Whole number, 0 ≤ seed ≤ 2^53 − 1.
 * @throws CajalError `bad-seed`.
 * @example const weights = createRng(7).stream("weights"); weights.normal();
 */
export function createRng(seed: number): Rng {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new CajalError(`seed must be a whole number from 0 to 2^53 - 1, got ${seed}`, {
      code: "bad-seed",
      where: "createRng",
    });
  }
  return new PhiloxRng(String(seed));
}

/** The stream called `name`, from its beginning. */
export function createStream(name: string): Rng {
  return new PhiloxRng(name);
}

/**
 * 64-bit Philox key of a stream name: the first 8 bytes of its SHA-256.
 *
 * @returns Two unsigned 32-bit words.
 */
export function streamKey(name: string): Uint32Array {
  // Trials of a training have streams of their own: one hasher for all costs less than half of one for each.
  BEGUN._cloneInto(HASHER);
  HASHER.update(bytesOf(name)).digestInto(DIGEST);
  return Uint32Array.of(DIGEST_WORDS.getUint32(0, true), DIGEST_WORDS.getUint32(4, true));
}

/** Uniform in [0, 1) with 53 bits from two 32-bit words. The kernels use the same words the same way. */
export function uniformFromWords(low: number, high: number): number {
  return ((high >>> 5) * 67108864 + (low >>> 6)) / 9007199254740992;
}

/** The items in random order (Fisher–Yates), as a new array. */
export function shuffled<T>(items: Iterable<T>, rng: Rng): T[] {
  const out = [...items];
  for (let i = out.length - 1; i > 0; i--) {
    const j = rng.integer(i + 1);
    [out[i], out[j]] = [out[j], out[i]];
  }
  return out;
}

// Implementation

const BEGUN = sha256.create();
const HASHER = sha256.create();
const DIGEST = new Uint8Array(32);
const DIGEST_WORDS = new DataView(DIGEST.buffer);
const NAME_BYTES = new Uint8Array(256);
const ENCODER = new TextEncoder();

/** UTF-8 of a name, until the next one is asked for. A character has three bytes at most. */
function bytesOf(name: string): Uint8Array {
  if (3 * name.length > NAME_BYTES.length) return ENCODER.encode(name);
  return NAME_BYTES.subarray(0, ENCODER.encodeInto(name, NAME_BYTES).written);
}

class PhiloxRng implements Rng {
  readonly name: string;
  readonly #key: Uint32Array;
  readonly #block = new Uint32Array(4);
  #position = 0;
  #left = 0;

  constructor(name: string) {
    this.name = name;
    this.#key = streamKey(name);
  }

  uniform(): number {
    const low = this.#word();
    return uniformFromWords(low, this.#word());
  }

  normal(): number {
    const radius = Math.sqrt(-2 * log(1 - this.uniform()));
    return radius * cos(2 * Math.PI * this.uniform());
  }

  integer(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > 0x100000000) {
      throw new CajalError(`n must be a whole number from 1 to 2^32, got ${n}`, {
        code: "bad-range",
        where: "rng.integer",
      });
    }
    // Reject the incomplete last cycle, which would make small values likelier.
    const limit = 0x100000000 - (0x100000000 % n);
    let word = this.#word();
    while (word >= limit) word = this.#word();
    return word % n;
  }

  stream(name: string | number): Rng {
    return new PhiloxRng(`${this.name}/${name}`);
  }

  #word(): number {
    if (this.#left === 0) {
      this.#block[0] = this.#position >>> 0;
      this.#block[1] = Math.floor(this.#position / 0x100000000);
      this.#block[2] = 0;
      this.#block[3] = 0;
      philox4x32(this.#block, this.#key);
      this.#position++;
      this.#left = 4;
    }
    return this.#block[4 - this.#left--];
  }
}
