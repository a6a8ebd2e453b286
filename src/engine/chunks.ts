/**
 * @file A growing array in chunks, so that recording never copies what it has.
 */

/** Numbers that only ever grow at the end. */
export class Chunks<T extends Uint8Array | Uint32Array> {
  #full: T[] = [];
  #last: T;
  #used = 0;
  readonly #make: (length: number) => T;
  readonly #length: number;

  constructor(make: (length: number) => T, length: number) {
    this.#make = make;
    this.#length = length;
    this.#last = make(length);
  }

  /** Room for `n` numbers, at the returned place of the returned chunk; `n` divides the chunk's length. */
  take(n: number): { chunk: T; at: number } {
    if (this.#used + n > this.#length) {
      this.#full.push(this.#last);
      this.#last = this.#make(this.#length);
      this.#used = 0;
    }
    const at = this.#used;
    this.#used += n;
    return { chunk: this.#last, at };
  }

  get length(): number {
    return this.#full.length * this.#length + this.#used;
  }

  concat(): T {
    const out = this.#make(this.length);
    this.#full.forEach((chunk, k) => {
      out.set(chunk, k * this.#length);
    });
    out.set(this.#last.subarray(0, this.#used), this.#full.length * this.#length);
    return out;
  }

  /** Hold these numbers, as `concat` gave them, instead of those there are. */
  load(values: Uint8Array | Uint32Array): void {
    this.clear();
    for (let at = 0; at < values.length; at += this.#length) {
      if (at > 0) {
        this.#full.push(this.#last);
        this.#last = this.#make(this.#length);
      }
      const part = values.subarray(at, at + this.#length);
      this.#last.set(part);
      this.#used = part.length;
    }
  }

  clear(): void {
    this.#full = [];
    this.#last = this.#make(this.#length);
    this.#used = 0;
  }
}
