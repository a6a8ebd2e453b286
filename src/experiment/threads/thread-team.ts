/**
 * @file Shards of a batch in threads over shared memory. Shard k is run by thread k modulo their number, the first of
 * which is the one that trains; it waits for the others. Who runs a shard changes no bit of it.
 */

import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
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
import {
  type OverseerSetup,
  packError,
  STATES,
  type ThreadAnswer,
  type ThreadEnd,
  type ThreadSetup,
  unpackError,
} from "./thread-messages.ts";
import { waitWhile } from "./wait-while.ts";

/** How long a silent overseer is believed to live. */
export interface Patience {
  /** Longest wait for a thread without a look at the overseer's signs of life [ms]; those come once a second. */
  lookEvery: number;
  /** Looks without a new sign after which it does not live. */
  looks: number;
}

/** A maker of teams of `threads` threads, this one among them; never more than there are shards. */
export function threadTeam(threads: number): MakeTeam {
  return (network, shards, workShare) => {
    const count = Math.min(threads, shards.length);
    return count < 2
      ? teamInThread(network, shards, workShare)
      : new ThreadTeam(network, shards, { threads: count });
  };
}

// Implementation

const HALF_A_MINUTE: Patience = { lookEvery: 5000, looks: 6 };

/** A team of two or more threads. Made by {@link threadTeam}; exported for tests that cannot wait as long. */
export class ThreadTeam implements ShardTeam {
  readonly first: Gradient;
  /** Those of this thread. */
  readonly #own: Shard[];
  readonly #shards: number;
  readonly #threads: number;
  readonly #patience: Patience;
  readonly #control: Int32Array;
  /** To each of the other threads. */
  readonly #ports: MessagePort[] = [];
  readonly #ends: MessagePort;
  readonly #overseer: Worker;
  readonly room = makeRooms((bytes) => new SharedArrayBuffer(bytes));
  /** Why nothing can be run any more. */
  #over: CajalError | undefined;

  constructor(
    network: Network,
    shards: readonly GradientOptions[],
    { threads, patience = HALF_A_MINUTE }: { threads: number; patience?: Patience },
  ) {
    this.#patience = patience;
    this.#shards = shards.length;
    this.#threads = threads;
    this.#control = new Int32Array(new SharedArrayBuffer(4 * threads));
    const of = (thread: number) => shards.filter((_, k) => k % threads === thread);
    const setups = Array.from({ length: threads - 1 }, (_, k): ThreadSetup => {
      const { port1, port2 } = new MessageChannel();
      this.#ports.push(port1);
      const own = of(k + 1).map(({ backend, ...rest }) => ({
        ...rest,
        backend: typeof backend === "object" ? ("native" as const) : (backend ?? ("wasm" as const)),
      }));
      return { thread: k + 1, control: this.#control, port: port2, network, shards: own };
    });
    const { port1, port2 } = new MessageChannel();
    this.#ends = port1;
    this.#overseer = startOverseer({ control: this.#control, port: port2, threads: setups });
    try {
      // Functions do not cross to threads: all of them, this one too, do what training asks for.
      this.#own = of(0).map((options) => makeShard(network, options, workShare));
      this.first = this.#own[0].gradient;
      const answers = this.#collect(this.#own.map(({ gradient: { backend } }) => ({ answer: { backend } })));
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
    if (this.#over) throw this.#over;
    this.#ports.forEach((port, k) => {
      port.postMessage(task);
      const before = Atomics.compareExchange(this.#control, k + 1, STATES.idle, STATES.busy);
      if (before === STATES.dead) throw this.#died(k + 1);
      Atomics.notify(this.#control, k + 1);
    });
    return this.#collect(this.#own.map((shard) => attempt(() => runTask(shard, task))));
  }

  dispose(): void {
    this.#over ??= new CajalError("its threads have ended", {
      code: "disposed",
      where: "training in shards",
    });
    this.#overseer.terminate();
    for (const port of [...this.#ports, this.#ends]) port.close();
  }

  /** Answers of all threads in the order of shards, when all have ended. */
  #collect(own: ThreadAnswer): ShardAnswer[] {
    const byThread = [own, ...this.#ports.map((port, k) => this.#answersOf(port, k + 1))];
    return Array.from({ length: this.#shards }, (_, k) => {
      const found = byThread[k % this.#threads][Math.floor(k / this.#threads)];
      if ("error" in found) throw unpackError(found.error);
      return found.answer;
    });
  }

  #answersOf(port: MessagePort, thread: number): ThreadAnswer {
    const { lookEvery, looks } = this.#patience;
    let [sign, silent] = [Atomics.load(this.#control, 0), 0];
    for (;;) {
      const state = Atomics.load(this.#control, thread);
      if (state === STATES.dead) throw this.#died(thread);
      if (state === STATES.idle) return (receiveMessageOnPort(port) as { message: ThreadAnswer }).message;
      if (waitWhile(this.#control, thread, state, lookEvery)) continue;
      const now = Atomics.load(this.#control, 0);
      silent = now === sign ? silent + 1 : 0;
      sign = now;
      if (silent >= looks) throw this.#died(thread);
    }
  }

  #died(thread: number): CajalError {
    let reason = "nothing was heard of it";
    for (let end = receiveMessageOnPort(this.#ends); end; end = receiveMessageOnPort(this.#ends)) {
      const { thread: which, reason: why } = end.message as ThreadEnd;
      if (which === thread) reason = why;
    }
    this.#over = new CajalError(`thread ${thread + 1} of ${this.#threads} ended: ${reason}`, {
      code: "thread-ended",
      where: "training in shards",
      hint: "Go on from the last saved state, with fewer threads if memory was short; the bits stay the same.",
    });
    this.dispose();
    return this.#over;
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

function startOverseer(setup: OverseerSetup): Worker {
  const here = import.meta.url;
  const overseer = new Worker(new URL(`./overseer${here.slice(here.lastIndexOf("."))}`, here), {
    workerData: setup,
    transferList: [setup.port, ...setup.threads.map(({ port }) => port)],
  });
  // What happens to it shows in its signs of life.
  overseer.on("error", () => {});
  overseer.unref();
  return overseer;
}

function attempt(run: () => ShardAnswer): ThreadAnswer[number] {
  try {
    return { answer: run() };
  } catch (error) {
    return { error: packError(error) };
  }
}
