/**
 * @file Structural plasticity: where synapses are born. Rare enough to run outside the compiled kernels, for every
 * backend alike.
 */

import { philox4x32, streamKey, warn } from "../../core/index.ts";
import type { StructuralRule } from "../../model/index.ts";
import { stepWords } from "../backends/backend.ts";
import { HEADER } from "./layout.ts";
import type { SynapseStore } from "./store.ts";

/** Gives birth to the synapses of one step. */
export type Births = (step: number) => void;

/**
 * Births of one rule in one instance.
 *
 * Draws are Philox words at counter (draw, step) under the key of the rule's own stream: draw 0 says whether there is
 * one more birth than floor(births), the next ones propose pairs until one is free. So every free pair is as likely.
 */
export function birthsOf(
  rule: StructuralRule,
  store: SynapseStore,
  {
    stream,
    recurrent,
    initial,
    where,
  }: { stream: string; recurrent: boolean; initial: number[]; where: string },
): Births {
  const key = streamKey(stream);
  const { rows, columns } = store.layout;
  const noSelf = recurrent && !rule.autapses;
  const values = [rule.weight, ...initial];
  const words = new Uint32Array(4);
  const certain = Math.floor(rule.births);
  const chance = (rule.births - certain) * 0x100000000;
  return (step) => {
    const { low, high } = stepWords(step);
    const draw = (k: number) => {
      words[0] = k;
      words[1] = low;
      words[2] = high;
      words[3] = 0;
      philox4x32(words, key);
    };
    draw(0);
    const births = certain + (words[0] < chance ? 1 : 0);
    let next = 1;
    for (let n = 0; n < births && hasFreePair(store, noSelf); n++) {
      for (;;) {
        draw(next++);
        const post = Math.floor((words[0] * rows) / 0x100000000);
        const pre = Math.floor((words[1] * columns) / 0x100000000);
        if ((noSelf && post === pre) || store.has(post, pre)) continue;
        if (store.insert(post, pre, values)) {
          store.bornPairs[store.header[HEADER.births]++] = post * columns + pre;
        } else if (store.header[HEADER.refused]++ === 0) warnOfCapacity(store, post, where);
        break;
      }
    }
  };
}

// Implementation

/** Whether a synapse can be born anywhere. Units that do connect to themselves take no other pair's place. */
function hasFreePair(store: SynapseStore, noSelf: boolean): boolean {
  const { rows, columns } = store.layout;
  const own = noSelf ? Math.min(rows, columns) : 0;
  if (store.size < rows * columns - own) return true;
  let present = 0;
  for (let unit = 0; unit < own; unit++) if (store.has(unit, unit)) present++;
  return store.size < rows * columns - own + present;
}

function warnOfCapacity(store: SynapseStore, post: number, where: string): void {
  const { inCapacity, outCapacity } = store.layout;
  const full =
    store.inCount[post] >= inCapacity
      ? `${inCapacity} incoming synapses (set incomingCapacity)`
      : `${outCapacity} outgoing synapses`;
  warn("synapse-capacity", `${where}: a birth found no room; units hold at most ${full}`);
}
