/**
 * @file Which edges exist: one bit for every pair of nodes, or a hash set where that would take too much memory.
 */

/** A set of ordered pairs of nodes. */
export interface EdgeSet {
  has(from: number, to: number): boolean;
  add(from: number, to: number): void;
  delete(from: number, to: number): void;
}

/** Up to this many nodes the bits take at most 32 MiB. */
const MOST_BIT_NODES = 16_384;

/**
 * Empty set.
 *
 * @param nodes - Number of nodes.
 * @param directed - When false, (a, b) and (b, a) are the same edge.
 * @param mostBitNodes - Number of nodes above which a hash set is used.
 */
export function createEdgeSet(nodes: number, directed: boolean, mostBitNodes = MOST_BIT_NODES): EdgeSet {
  return nodes <= mostBitNodes ? new BitEdgeSet(nodes, directed) : new HashEdgeSet(nodes, directed);
}

// Implementation

class BitEdgeSet implements EdgeSet {
  readonly #nodes: number;
  readonly #directed: boolean;
  readonly #words: Int32Array;

  constructor(nodes: number, directed: boolean) {
    this.#nodes = nodes;
    this.#directed = directed;
    this.#words = new Int32Array(Math.ceil((nodes * nodes) / 32));
  }

  has(from: number, to: number): boolean {
    const bit = this.#bit(from, to);
    return (this.#words[bit >>> 5] & (1 << (bit & 31))) !== 0;
  }

  add(from: number, to: number): void {
    const bit = this.#bit(from, to);
    this.#words[bit >>> 5] |= 1 << (bit & 31);
  }

  delete(from: number, to: number): void {
    const bit = this.#bit(from, to);
    this.#words[bit >>> 5] &= ~(1 << (bit & 31));
  }

  #bit(from: number, to: number): number {
    return this.#directed || from < to ? from * this.#nodes + to : to * this.#nodes + from;
  }
}

class HashEdgeSet implements EdgeSet {
  readonly #nodes: number;
  readonly #directed: boolean;
  readonly #keys = new Set<number>();

  constructor(nodes: number, directed: boolean) {
    this.#nodes = nodes;
    this.#directed = directed;
  }

  has(from: number, to: number): boolean {
    return this.#keys.has(this.#key(from, to));
  }

  add(from: number, to: number): void {
    this.#keys.add(this.#key(from, to));
  }

  delete(from: number, to: number): void {
    this.#keys.delete(this.#key(from, to));
  }

  #key(from: number, to: number): number {
    return this.#directed || from < to ? from * this.#nodes + to : to * this.#nodes + from;
  }
}
