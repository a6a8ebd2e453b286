/**
 * @file How the synapses of a plastic projection lie in memory, for each instance its own.
 *
 * Synapses of a post unit sit side by side in slots (row of `inCapacity` slots), so that learning and scaling read a row
 * in one go; the unused slots of a row hold weight 0. Each pre unit has a list of the slots it feeds, so that only
 * units that are active need to be propagated. Both lists point at each other: inserting and removing cost O(1). Indices
 * of units and slots are stored times 4, as byte offsets of 32-bit words.
 */

/** Sizes that a layout follows from. */
export interface StoreShape {
  rows: number;
  columns: number;
  /** Slots of a post unit, and of a pre unit's list. */
  inCapacity: number;
  outCapacity: number;
  /** Numbers per synapse: the weight, then traces. */
  arrays: number;
  /** Bytes of a number. */
  bytes: number;
  /** Most births in one step. */
  births: number;
}

/** Byte offsets from the start of one instance's store. */
export interface StoreLayout extends StoreShape {
  header: number;
  /** Shape `(post)`: synapses of a post unit; `(pre)`: of a pre unit. */
  inCount: number;
  outCount: number;
  /** Shape `(post)`: not 0 where a rule has changed weights since the last normalisation. */
  dirty: number;
  /** Shape `(post, slot)`: pre unit × 4, and place in the pre unit's list × 4. */
  inPre: number;
  inBack: number;
  /** Shape `(pre, place)`: post unit × 4, and slot × 4. */
  outPost: number;
  outSlot: number;
  /** Shape `(array, post, slot)`. */
  values: number;
  /** Bytes of one array of values. */
  valueBytes: number;
  /** Pairs born and died in the step: post × columns + pre. */
  bornPairs: number;
  diedPairs: number;
  /** Bytes of one instance's store. */
  size: number;
}

/** Words of the header. */
export const HEADER = {
  /** Synapses there are. */
  synapses: 0,
  /** Births and deaths in this step. */
  births: 1,
  deaths: 2,
  /** Births since the start that found no room. */
  refused: 3,
} as const;

const HEADER_WORDS = 16;

/** Place the parts of a store. */
export function layoutStore(shape: StoreShape): StoreLayout {
  const { rows, columns, inCapacity, outCapacity, arrays, bytes } = shape;
  let size = 0;
  const take = (length: number) => {
    const at = size;
    size += Math.ceil(length / 64) * 64;
    return at;
  };
  const slots = rows * inCapacity;
  const places = columns * outCapacity;
  return {
    ...shape,
    header: take(4 * HEADER_WORDS),
    inCount: take(4 * rows),
    outCount: take(4 * columns),
    dirty: take(4 * rows),
    inPre: take(4 * slots),
    inBack: take(4 * slots),
    outPost: take(4 * places),
    outSlot: take(4 * places),
    valueBytes: slots * bytes,
    values: take(arrays * slots * bytes),
    bornPairs: take(4 * Math.max(1, shape.births)),
    // All that were there and all that were born may die in one step, when several rules prune.
    diedPairs: take(4 * (slots + shape.births)),
    size,
  };
}
