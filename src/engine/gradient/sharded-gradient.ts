/**
 * @file Data-parallel training: a batch in shards of fixed sizes, each with a run of its own. Gradients are summed over
 * the instances of a shard, then over shards in ascending order, so the number of shards belongs to an experiment, and
 * who runs them, at once or one after another, changes no bit. What a trial does is the same in any shard.
 */

import { CajalError } from "../../core/index.ts";
import type { Network } from "../../model/index.ts";
import type { FloatArray, Precision } from "../kernels/index.ts";
import type {
  BackwardOptions,
  BackwardResult,
  BatchGradient,
  ForwardOptions,
  ForwardResult,
} from "./batch-gradient.ts";
import { joinColumns, shardSizes, takeColumns } from "./batch-part.ts";
import { type GradientOptions, resolveGradientOptions } from "./options.ts";
import type { Products } from "./products.ts";
import type { Room } from "./rooms.ts";
import {
  type MakeTeam,
  type ShardAnswer,
  type ShardTeam,
  type ShardWork,
  teamInThread,
  type WorkShare,
} from "./shard-team.ts";

/** How a batch is divided. */
export interface ShardOptions {
  /** How many shards, from 1 to the number of instances. */
  shards: number;
  /** Who runs them, default this thread. */
  team?: MakeTeam;
  /** What {@link ShardedGradient.divide} does. */
  workShare?: WorkShare;
}

/**
 * Compile a network for training in shards. Arrays that a call returns may be overwritten by the next one.
 *
 * @throws CajalError as `differentiate`, and `bad-option` for a number of shards that does not fit.
 * @example
 * const grad = differentiateShards(net, { dt: 10, steps: 100, instances: 64, trainable: ["weights:rec"] }, { shards: 2 });
 */
export function differentiateShards(
  network: Network,
  options: GradientOptions,
  { shards, team = teamInThread, workShare }: ShardOptions,
): ShardedGradient {
  const { instances } = resolveGradientOptions(options).run;
  const sizes = shardSizes(instances, shards);
  const made = team(
    network,
    sizes.map((_, k) => optionsOf(options, sizes, k)),
    workShare,
  );
  return new ShardedGradient(made, sizes, options.precision ?? "f32");
}

/** Several runs that are one batch together. Made by {@link differentiateShards}. */
export class ShardedGradient implements BatchGradient {
  readonly products: Products;
  readonly #team: ShardTeam;
  /** Instances of each shard, and of all. */
  readonly #sizes: readonly number[];
  readonly #instances: number;
  readonly #precision: Precision;
  /** What was set since the last task. */
  readonly #changed = new Map<string, number | ArrayLike<number>>();

  constructor(team: ShardTeam, sizes: readonly number[], precision: Precision) {
    this.#team = team;
    this.#sizes = sizes;
    this.#instances = sizes.reduce((a, b) => a + b, 0);
    this.#precision = precision;
    this.products = { back: (...given) => this.#back(...given), outer: (...given) => this.#outer(...given) };
  }

  get trainable(): readonly string[] {
    return this.#team.first.trainable;
  }

  /** The same in all shards. */
  get backend(): BatchGradient["backend"] {
    return this.#team.first.backend;
  }

  /** Of all shards, as the first one has it. */
  get memory(): BatchGradient["memory"] {
    const { bytes, segment } = this.#team.first.memory;
    return { bytes: bytes * this.#sizes.length, segment };
  }

  get(name: string): Float64Array {
    const answers = this.#run({ kind: "get", name });
    const parts = answers.map(({ values }) => values![name]);
    return this.#team.first.isOfInstances(name) ? joinColumns(parts, this.#sizes) : parts[0];
  }

  set(name: string, values: number | ArrayLike<number>): void {
    const { first } = this.#team;
    if (this.#sizes.length === 1) {
      // It is here, and needs no copy of what may change before it is used.
      first.set(name, values);
      return;
    }
    first.checkSet(name, values);
    if (typeof values === "number") {
      this.#changed.set(name, values);
      return;
    }
    // Weights are numbers of the run's precision in every shard; to make them so once is faster.
    const precision = name.startsWith("weights:") ? this.#precision : "f64";
    const kept = this.#team.room(`set ${name}`, precision, values.length);
    kept.set(values);
    this.#changed.set(name, kept);
  }

  forward(options: ForwardOptions = {}): ForwardResult {
    const { steps, units } = this.#team.first.checkForward(options);
    const records = this.#rooms("record", units, steps);
    const { inputs = {}, initial = {}, ...rest } = options;
    const shared = { ...rest, inputs: this.#share("input", inputs), initial: this.#share("start", initial) };
    const answers = this.#run({ kind: "forward", options: shared, into: records });
    const diverged = answers.flatMap((answer) => answer.diverged!);
    return { status: diverged.length > 0 ? "diverged" : "done", steps, records, diverged };
  }

  backward(
    adjoints: Readonly<Record<string, ArrayLike<number>>>,
    options: BackwardOptions = {},
  ): BackwardResult {
    const { steps, units } = this.#team.first.checkBackward(adjoints, options);
    const sums = this.#rooms("sum", units, steps);
    const shared = this.#share("adjoint", adjoints);
    const { into: earlier = {}, ...rest } = options;
    const alone = this.#sizes.length === 1;
    const answers = this.#run({
      kind: "backward",
      adjoints: shared,
      // Several shards have memory for their parts.
      options: alone ? { ...rest, into: earlier } : rest,
      into: sums,
    });
    const gradients = Object.fromEntries(
      this.trainable.map((name) => {
        const parts = answers.map(({ values }) => values![name]);
        if (alone) return [name, parts[0]];
        const own = this.#team.first.isOfInstances(name);
        return [name, own ? joinColumns(parts, this.#sizes) : sumParts(parts, earlier[name])];
      }),
    );
    return { gradients, sums, notFiniteAt: Math.max(...answers.map((answer) => answer.notFiniteAt!)) };
  }

  /** Arrays that all shards see, to be given to it and to `divide`. They are not those that it returns. */
  readonly room: Room = (key, precision, length) => this.#team.room(`given ${key}`, precision, length);

  /**
   * Have each shard do its share of some work.
   *
   * @param work - Plain data. Arrays that are written are from `room`.
   * @returns What they return, added up in the order of shards.
   */
  divide(work: object): Float64Array {
    const shared = Object.entries(work).map(([name, value]) =>
      value instanceof Float64Array || value instanceof Float32Array
        ? [name, this.#team.share(`work ${name}`, value)]
        : [name, value],
    );
    const answers = this.#run({ kind: "share", work: Object.fromEntries(shared) });
    return sumParts(answers.map(({ shareSums }) => shareSums!));
  }

  dispose(): void {
    this.#team.dispose();
  }

  // Implementation

  #run(work: ShardWork): ShardAnswer[] {
    const values = Object.fromEntries(this.#changed);
    this.#changed.clear();
    return this.#team.run({ ...work, values });
  }

  #rooms(use: string, units: Readonly<Record<string, number>>, steps: number): Record<string, FloatArray> {
    return Object.fromEntries(
      Object.entries(units).map(([name, count]) => [
        name,
        this.#team.room(`${use} ${name}`, this.#precision, steps * count * this.#instances),
      ]),
    );
  }

  #share(
    use: string,
    arrays: Readonly<Record<string, ArrayLike<number>>>,
  ): Record<string, ArrayLike<number>> {
    return Object.fromEntries(
      Object.entries(arrays).map(([name, values]) => [name, this.#team.share(`${use} ${name}`, values)]),
    );
  }

  #back(name: string, y: ArrayLike<number>): FloatArray {
    const length = this.#team.first.products.backLength(name, y);
    const into = this.#team.room(`back ${name}`, this.#precision, length);
    this.#run({ kind: "back", name, y: this.#team.share(`y ${name}`, y), into });
    return into;
  }

  #outer(name: string, y: ArrayLike<number>, x: ArrayLike<number>): Float64Array {
    const { share } = this.#team;
    const answers = this.#run({ kind: "outer", name, y: share(`y ${name}`, y), x: share(`x ${name}`, x) });
    return sumParts(answers.map(({ values }) => values![name]));
  }
}

// Implementation

/** Options of shard k: its instances, its share of the memory, its columns of what differs between instances. */
function optionsOf(options: GradientOptions, sizes: readonly number[], k: number): GradientOptions {
  const { run, memory } = resolveGradientOptions(options);
  const part = { first: sizes.slice(0, k).reduce((a, b) => a + b, 0), of: run.instances };
  const columns = (all: Readonly<Record<string, ArrayLike<number>>>) =>
    Object.fromEntries(
      Object.entries(all).map(([name, values]) => {
        if (values.length % part.of > 0) refuseColumns(name, values.length, part.of);
        return [name, takeColumns(values, part, sizes[k])];
      }),
    );
  const gains = Object.entries(run.gains);
  const isArray = (entry: [string, number | ArrayLike<number>]): entry is [string, ArrayLike<number>] =>
    typeof entry[1] !== "number";
  return {
    ...options,
    instances: sizes[k],
    part,
    memory: (memory * sizes[k]) / run.instances,
    parameters: columns(run.parameters),
    gains: { ...run.gains, ...columns(Object.fromEntries(gains.filter(isArray))) },
  };
}

function refuseColumns(where: string, count: number, instances: number): never {
  throw new CajalError(`${count} values for ${instances} instances`, {
    code: "shape",
    where,
    hint: "Give shape (instance) or (unit, instance).",
  });
}

/** The sum in ascending order. @param into - Written over and returned, if it fits. */
function sumParts([first, ...rest]: readonly Float64Array[], into?: Float64Array): Float64Array {
  const sum = into?.length === first.length ? into : new Float64Array(first.length);
  sum.set(first);
  for (const part of rest) for (let k = 0; k < sum.length; k++) sum[k] += part[k];
  return sum;
}
