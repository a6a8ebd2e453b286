/**
 * @file Shards of a batch in threads over shared memory. Shard k is run by thread k modulo their number, the first of
 * which is the one that trains; it waits for the others. Who runs a shard changes no bit of it.
 */

import { CajalError } from "../../core/index.ts";
import {
  type Gradient,
  type GradientOptions,
  type MakeTeam,
  makeRooms,
  makeShard,
  runTask,
  type Shard,
  type ShardAnswer,
  type ShardTask,
  type ShardTeam,
  teamInThread,
} from "../../engine/index.ts";
import { workShare } from "../../learning/index.ts";
import type { Network } from "../../model/index.ts";
import { packError, type ThreadAnswer, type ThreadOrder, unpackError } from "./thread-messages.ts";
import { ThreadPool } from "./thread-pool.ts";

/** The threads of this process. */
let pool: ThreadPool | undefined;

/** A maker of teams of `threads` threads, this one among them; never more than there are shards. */
export function threadTeam(threads: number): MakeTeam {
  return (network, shards, workShare) => {
    const count = Math.min(threads, shards.length);
    if (count < 2) return teamInThread(network, shards, workShare);
    if (pool === undefined || pool.over || pool.threads < count) pool = new ThreadPool(threads);
    return new ThreadTeam(network, shards, { threads: count, pool });
  };
}

/** A team of two or more threads. Made by {@link threadTeam}; exported for tests with threads of their own. */
export class ThreadTeam implements ShardTeam {
  static #made = 0;
  readonly first: Gradient;
  /** Those of this thread. */
  readonly #own: Shard[] = [];
  readonly #id = ThreadTeam.#made++;
  readonly #shards: number;
  readonly #threads: number;
  readonly #pool: ThreadPool;
  readonly room = makeRooms((bytes) => new SharedArrayBuffer(bytes));
  #isOver = false;

  constructor(
    network: Network,
    shards: readonly GradientOptions[],
    { threads, pool: own }: { threads: number; pool: ThreadPool },
  ) {
    this.#pool = own;
    this.#shards = shards.length;
    this.#threads = threads;
    const of = (thread: number) => shards.filter((_, k) => k % threads === thread);
    this.#order((thread) => ({
      ...{ kind: "make", network },
      shards: of(thread).map(({ backend, ...rest }) => ({
        ...rest,
        backend: typeof backend === "object" ? ("native" as const) : (backend ?? ("wasm" as const)),
      })),
    }));
    const made = of(0).map((options) =>
      attempt(() => {
        // Functions do not cross to threads: all of them, this one too, do what training asks for.
        const shard = makeShard(network, options, workShare);
        this.#own.push(shard);
        return { backend: shard.gradient.backend };
      }),
    );
    try {
      const answers = this.#collect(made);
      this.first = this.#own[0].gradient;
      this.#checkBackends(answers);
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  share = (key: string, values: ArrayLike<number>): ArrayLike<number> => {
    const isSingle = values instanceof Float32Array;
    if ((isSingle || values instanceof Float64Array) && values.buffer instanceof SharedArrayBuffer)
      return values;
    const shared = this.room(key, isSingle ? "f32" : "f64", values.length);
    shared.set(values);
    return shared;
  };

  run(task: ShardTask): ShardAnswer[] {
    if (this.#pool.over) throw this.#pool.over;
    if (this.#isOver) {
      throw new CajalError("its threads have ended", { code: "disposed", where: "training in shards" });
    }
    this.#order(() => ({ kind: "run", task }));
    return this.#collect(this.#own.map((shard) => attempt(() => runTask(shard, task))));
  }

  /** The threads forget it, and wait for other teams. */
  dispose(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.#pool.over) return;
    this.#order(() => ({ kind: "drop" }));
    this.#answers();
  }

  // Implementation

  #order(orderOf: (thread: number) => OwnOrder): void {
    for (let thread = 1; thread < this.#threads; thread++)
      this.#pool.order(thread, { team: this.#id, ...orderOf(thread) });
  }

  /** Of each of the other threads, when all have ended. */
  #answers(): ThreadAnswer[] {
    return Array.from({ length: this.#threads - 1 }, (_, k) => this.#pool.answer(k + 1));
  }

  /** Answers of all threads in the order of shards. */
  #collect(own: ThreadAnswer): ShardAnswer[] {
    const byThread = [own, ...this.#answers()];
    return Array.from({ length: this.#shards }, (_, k) => {
      const found = byThread[k % this.#threads][Math.floor(k / this.#threads)];
      if ("error" in found) throw unpackError(found.error);
      return found.answer;
    });
  }

  /** Other code would give other bits in some shards. */
  #checkBackends(answers: readonly ShardAnswer[]): void {
    const { path } = this.first.backend;
    const other = answers.find(({ backend }) => backend!.path !== path)?.backend;
    if (other === undefined) return;
    throw new CajalError(`one thread runs ${path} code, another ${other.path} code`, {
      code: "mixed-backends",
      where: "training in shards",
      hint: other.reason ? `There: ${other.reason}.` : "Train without native code.",
    });
  }
}

/** An order without its team. */
type OwnOrder = ThreadOrder extends infer Order
  ? Order extends unknown
    ? Omit<Order, "team">
    : never
  : never;

function attempt(run: () => ShardAnswer): ThreadAnswer[number] {
  try {
    return { answer: run() };
  } catch (error) {
    return { error: packError(error) };
  }
}
