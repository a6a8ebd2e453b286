/**
 * @file What runs in each thread that helps in training: its shards of every batch, one task after another.
 */

import { receiveMessageOnPort, workerData } from "node:worker_threads";
import { onWarning } from "../../core/index.ts";
import {
  differentiate,
  type Gradient,
  type GradientOptions,
  runTask,
  type ShardAnswer,
  type ShardTask,
} from "../../engine/index.ts";
import { type FoundNative, findNative } from "../native/native-loader.ts";
import {
  packError,
  type ShardSetup,
  STATES,
  type ThreadAnswer,
  type ThreadSetup,
} from "./thread-messages.ts";

const { thread, control, port, network, shards } = workerData as ThreadSetup;
/** Arrays of answers, by shard, task and name. */
const kept = new Map<string, Float64Array>();

// The first shard, in the thread that trains, warns of the same.
onWarning(() => {});
const native = findNativeIfAsked();
const gradients: Gradient[] = [];
const ready = shards.map((setup) =>
  attempt(() => {
    const gradient = differentiate(network, optionsOf(setup));
    gradients.push(gradient);
    return { backend: { ...(native && "reason" in native && native), ...gradient.backend } };
  }),
);
reply(ready);
for (;;) {
  Atomics.wait(control, thread, STATES.idle);
  if (Atomics.load(control, thread) !== STATES.busy) continue;
  const { message: task } = receiveMessageOnPort(port) as { message: ShardTask };
  reply(
    gradients.map((gradient, k) =>
      attempt(() => inSharedMemory(runTask(gradient, task), `${k} ${task.kind}`)),
    ),
  );
}

// Implementation

function findNativeIfAsked(): FoundNative | undefined {
  return shards.some(({ backend }) => backend === "native") ? findNative() : undefined;
}

function optionsOf({ backend, ...options }: ShardSetup): GradientOptions {
  if (backend !== "native") return { ...options, backend };
  return { ...options, backend: native && "loader" in native ? native.loader : "wasm" };
}

function attempt(run: () => ShardAnswer): ThreadAnswer[number] {
  try {
    return { answer: run() };
  } catch (error) {
    return { error: packError(error) };
  }
}

function reply(answers: ThreadAnswer): void {
  port.postMessage(answers);
  Atomics.store(control, thread, STATES.idle);
  Atomics.notify(control, thread);
}

/** Copy arrays of an answer to where the other thread sees them. */
function inSharedMemory(answer: ShardAnswer, key: string): ShardAnswer {
  if (!answer.values) return answer;
  const values = Object.entries(answer.values).map(([name, own]) => {
    const place = `${key} ${name}`;
    const shared = kept.get(place) ?? new Float64Array(new SharedArrayBuffer(own.byteLength));
    kept.set(place, shared);
    shared.set(own);
    return [name, shared] as const;
  });
  return { ...answer, values: Object.fromEntries(values) };
}
