/**
 * @file The thread that starts those that help in training, and sees them end. The one that trains cannot: it waits for
 * them without turning to its events.
 */

import { Worker, workerData } from "node:worker_threads";
import { type OverseerSetup, STATES, type ThreadEnd } from "./thread-messages.ts";

/** Time between two signs of life [ms]. */
const SIGN_EVERY = 1000;

const { control, port, threads } = workerData as OverseerSetup;
const here = import.meta.url;
const url = new URL(`./shard-thread${here.slice(here.lastIndexOf("."))}`, here);

setInterval(() => Atomics.add(control, 0, 1), SIGN_EVERY);
for (const setup of threads) {
  const { thread } = setup;
  let reason = "it exited";
  const worker = new Worker(url, { workerData: setup, transferList: [setup.port] });
  worker.on("error", (error) => {
    reason = error.message;
  });
  worker.on("exit", () => {
    port.postMessage({ thread, reason } satisfies ThreadEnd);
    Atomics.store(control, thread, STATES.dead);
    Atomics.notify(control, thread);
  });
}
