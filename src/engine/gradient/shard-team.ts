/**
 * @file Those who run the shards of a batch: what they are told, what they answer, and the team that does it in this
 * thread. A team in threads is given the same tasks.
 */

import type { Network } from "../../model/index.ts";
import type { FloatArray } from "../kernels/index.ts";
import type { Divergence } from "../status.ts";
import type { BackwardOptions, BatchGradient, ForwardOptions, Into } from "./batch-gradient.ts";
import { differentiate, type Gradient } from "./gradient.ts";
import type { GradientOptions } from "./options.ts";
import { makeRooms, type Room } from "./rooms.ts";

/** What a shard is told to do; plain data. Arrays have the shape of the whole batch, of which it knows its columns. */
export type ShardTask = ShardWork & {
  /** Trainables that have changed, to be set first. */
  values: Readonly<Record<string, number | ArrayLike<number>>>;
};

/** The work of a task. */
export type ShardWork =
  | { kind: "forward"; options: ForwardOptions; into: Into }
  | {
      kind: "backward";
      adjoints: Readonly<Record<string, ArrayLike<number>>>;
      options: BackwardOptions;
      into: Into;
    }
  | { kind: "get"; name: string }
  | { kind: "back"; name: string; y: ArrayLike<number>; into: FloatArray }
  | { kind: "outer"; name: string; y: ArrayLike<number>; x: ArrayLike<number> }
  | { kind: "share"; work: object };

/** Instances `first` … `first + width − 1` of `of`; of other work than theirs, so large a share. */
export interface Share {
  first: number;
  width: number;
  of: number;
}

/**
 * What else shards do, each its share, in arrays that all of them see.
 *
 * @param work - Plain data.
 * @returns Sums over the share.
 */
export type WorkShare = (work: object, share: Share) => Float64Array;

/** What it answers beside what it wrote into arrays. */
export interface ShardAnswer {
  /** Of a shard that was just made. */
  backend?: BatchGradient["backend"];
  /** Instances of the whole batch that diverged. */
  diverged?: Divergence[];
  notFiniteAt?: number;
  /** Of the shard's own instances: gradients; or what was asked for, under the name of the trainable. */
  values?: Record<string, Float64Array>;
  /** What its share of some work returned. */
  shareSums?: Float64Array;
}

/** One shard, and what it keeps. */
export interface Shard {
  gradient: Gradient;
  /** Gradients of its last backward pass, which the next one writes over: whoever asked for them has summed them then. */
  earlier: Record<string, Float64Array>;
  /** Its share of work, and what does that work. */
  share: Share;
  workShare: WorkShare | undefined;
}

/** Runs all shards of a batch. */
export interface ShardTeam {
  /** The first shard, which is always in this thread. */
  readonly first: Gradient;
  /** An array that all shards see, to be written to; it lies where that of an earlier call with this key lay, if it fits. */
  readonly room: Room;
  /** Values as all shards see them. */
  share(key: string, values: ArrayLike<number>): ArrayLike<number>;
  /**
   * Run a task in each shard, in any order or at once.
   *
   * @returns Their answers in the order of shards.
   * @throws What the first of the shards that failed threw, after all have ended.
   */
  run(task: ShardTask): ShardAnswer[];
  dispose(): void;
}

/** Makes a team for a network. @param shards - Options of each. */
export type MakeTeam = (
  network: Network,
  shards: readonly GradientOptions[],
  workShare?: WorkShare,
) => ShardTeam;

/** Shards one after another in this thread. */
export const teamInThread: MakeTeam = (network, shards, workShare) => {
  const all = shards.map((options) => makeShard(network, options, workShare));
  return {
    first: all[0].gradient,
    room: makeRooms((bytes) => new ArrayBuffer(bytes)),
    share: (_, values) => values,
    run: (task) => all.map((shard) => runTask(shard, task)),
    dispose() {},
  };
};

/** A shard that has run nothing yet. @throws CajalError as `differentiate`. */
export function makeShard(network: Network, options: GradientOptions, workShare?: WorkShare): Shard {
  const { instances: width = 1, part } = options;
  const share = { first: part?.first ?? 0, width, of: part?.of ?? width };
  return { gradient: differentiate(network, options), earlier: {}, share, workShare };
}

/** Run a task of one shard. @throws CajalError those of `Gradient`. */
export function runTask(shard: Shard, task: ShardTask): ShardAnswer {
  const { gradient } = shard;
  for (const [name, values] of Object.entries(task.values)) gradient.set(name, values);
  switch (task.kind) {
    case "forward": {
      const { diverged } = gradient.forward(task.options, task.into);
      return { diverged };
    }
    case "backward": {
      const options = { into: shard.earlier, ...task.options };
      const { gradients, notFiniteAt } = gradient.backward(task.adjoints, options, task.into);
      shard.earlier = gradients;
      return { values: gradients, notFiniteAt };
    }
    case "get":
      return { values: { [task.name]: gradient.get(task.name) } };
    case "back":
      gradient.products.back(task.name, task.y, task.into);
      return {};
    case "outer":
      return { values: { [task.name]: gradient.products.outer(task.name, task.y, task.x) } };
    case "share":
      return { shareSums: shard.workShare!(task.work, shard.share) };
  }
}
