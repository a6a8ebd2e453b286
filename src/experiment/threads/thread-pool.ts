/**
 * @file Threads that wait for orders. Starting one takes as long as hundreds of updates of a small network, so they
 * are kept for the next team.
 */

import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import { CajalError } from "../../core/index.ts";
import { PatientWait } from "./patient-wait.ts";
import {
  type OverseerSetup,
  STATES,
  type ThreadAnswer,
  type ThreadEnd,
  type ThreadOrder,
  type ThreadSetup,
} from "./thread-messages.ts";

/** How long a silent overseer is believed to live. */
export interface Patience {
  /** Longest wait for a thread without a look at the overseer's signs of life [ms]; those come once a second. */
  lookEvery: number;
  /** Looks without a new sign after which it does not live. */
  looks: number;
}

const HALF_A_MINUTE: Patience = { lookEvery: 5000, looks: 6 };

/** Threads beside this one, and the overseer that sees them end. */
export class ThreadPool {
  /** How many there are, this one among them. */
  readonly threads: number;
  readonly #patience: Patience;
  readonly #control: Int32Array;
  readonly #wait: PatientWait;
  /** To each of the other threads. */
  readonly #ports: MessagePort[] = [];
  readonly #ends: MessagePort;
  readonly #overseer: Worker;
  #over: CajalError | undefined;

  constructor(threads: number, patience = HALF_A_MINUTE) {
    this.threads = threads;
    this.#patience = patience;
    this.#control = new Int32Array(new SharedArrayBuffer(4 * threads));
    this.#wait = new PatientWait(this.#control);
    const setups = Array.from({ length: threads - 1 }, (_, k): ThreadSetup => {
      const { port1, port2 } = new MessageChannel();
      this.#ports.push(port1);
      return { thread: k + 1, control: this.#control, port: port2 };
    });
    const { port1, port2 } = new MessageChannel();
    this.#ends = port1;
    this.#overseer = startOverseer({ control: this.#control, port: port2, threads: setups });
  }

  /** Why nothing can be run any more. */
  get over(): CajalError | undefined {
    return this.#over;
  }

  /**
   * Give a thread an order; its answer must be fetched before the next one.
   *
   * @param thread - From 1.
   * @throws CajalError `thread-ended`.
   */
  order(thread: number, order: ThreadOrder): void {
    if (this.#over) throw this.#over;
    this.#ports[thread - 1].postMessage(order);
    const before = Atomics.compareExchange(this.#control, thread, STATES.idle, STATES.busy);
    if (before === STATES.dead) throw this.#died(thread);
    Atomics.notify(this.#control, thread);
  }

  /** Wait for a thread. @throws CajalError `thread-ended`, and from then on. */
  answer(thread: number): ThreadAnswer {
    if (this.#over) throw this.#over;
    const { lookEvery, looks } = this.#patience;
    let [sign, silent] = [Atomics.load(this.#control, 0), 0];
    for (;;) {
      const state = Atomics.load(this.#control, thread);
      if (state === STATES.dead) throw this.#died(thread);
      if (state === STATES.idle) {
        const { message } = receiveMessageOnPort(this.#ports[thread - 1]) as { message: ThreadAnswer };
        return message;
      }
      if (this.#wait.while(thread, state, lookEvery)) continue;
      const now = Atomics.load(this.#control, 0);
      silent = now === sign ? silent + 1 : 0;
      sign = now;
      if (silent >= looks) throw this.#died(thread);
    }
  }

  // Implementation

  #died(thread: number): CajalError {
    let reason = "nothing was heard of it";
    for (let end = receiveMessageOnPort(this.#ends); end; end = receiveMessageOnPort(this.#ends)) {
      const { thread: which, reason: why } = end.message as ThreadEnd;
      if (which === thread) reason = why;
    }
    this.#over = new CajalError(`thread ${thread + 1} of ${this.threads} ended: ${reason}`, {
      code: "thread-ended",
      where: "training in shards",
      hint: "Go on from the last saved state, with fewer threads if memory was short; the bits stay the same.",
    });
    this.#overseer.terminate();
    for (const port of [...this.#ports, this.#ends]) port.close();
    return this.#over;
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
