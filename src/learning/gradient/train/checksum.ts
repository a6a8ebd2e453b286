/**
 * @file A short text for many numbers, equal for equal numbers: two lanes of Fowler, Noll & Vo's hash over words of 32
 * bits, started apart. Tells what is the same from what was changed by mistake, not by intent.
 */

/** Sixteen hexadecimal digits for the numbers added so far. */
export class Checksum {
  #a = 0x811c9dc5;
  #b = 0x9747b28c;

  /** Numbers, by their bits where they are fractions. */
  add(values: ArrayLike<number>): void {
    this.#word(values.length);
    const isWhole = ArrayBuffer.isView(values) && !(values instanceof Float64Array);
    const words = isWhole ? values : new Int32Array(Float64Array.from(values).buffer);
    for (let k = 0; k < words.length; k++) this.#word(words[k]);
  }

  get text(): string {
    return [this.#a, this.#b].map((lane) => (lane >>> 0).toString(16).padStart(8, "0")).join("");
  }

  #word(word: number): void {
    this.#a = Math.imul(this.#a ^ word, 0x01000193);
    this.#b = Math.imul(this.#b ^ word ^ (this.#b >>> 15), 0x85ebca6b);
  }
}
