/**
 * @file Many normal numbers quickly: four from each Philox block, where `rng.normal()` gives one. Noise is most of the
 * work of making a trial, and trials are made anew in every step of a training.
 */

import { NORMALS_PER_BLOCK, philox4x32, type Rng, writeNormals } from "../../core/index.ts";

/** Standard normal numbers of a stream of their own, whose key is the next 64 bits of `rng`. */
export class NormalSource {
  readonly #key: Uint32Array;
  readonly #block = new Uint32Array(4);
  readonly #values = new Float64Array(NORMALS_PER_BLOCK);
  #position = 0;

  constructor(rng: Rng) {
    this.#key = Uint32Array.of(rng.integer(0x100000000), rng.integer(0x100000000));
  }

  next(): number {
    const at = this.#position % NORMALS_PER_BLOCK;
    if (at === 0) {
      const k = this.#position / NORMALS_PER_BLOCK;
      this.#block[0] = k >>> 0;
      this.#block[1] = Math.floor(k / 0x100000000);
      this.#block[2] = 0;
      this.#block[3] = 0;
      philox4x32(this.#block, this.#key);
      writeNormals(this.#values, this.#block, "f64");
    }
    this.#position++;
    return this.#values[at];
  }
}
