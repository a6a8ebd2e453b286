/**
 * @file What runs in each thread that helps in training: its shards of every batch, one task after another.
 */

import { receiveMessageOnPort, workerData } from "node:worker_threads";
import { onWarning } from "../../core/index.ts";
import {
  type GradientOptions,
  makeRooms,
  makeShard,
  runTask,
  type Shard,
  type ShardAnswer,
  type ShardTask,
} from "../../engine/index.ts";
import { workShare } from "../../learning/index.ts";
import { type FoundNative, findNative } from "../native/native-loader.ts";
import {
  packError,
  type ShardSetup,
  STATES,
  type ThreadAnswer,
  type ThreadSetup,
} from "./thread-messages.ts";
import { waitWhile } from "./wait-while.ts";

const { thread, control, port, network, shards: setups } = workerData as ThreadSetup;
/** Memory of answers, by shard, task and name. */
const room = makeRooms((bytes) => new SharedArrayBuffer(bytes));

// The first shard, in the thread that trains, warns of the same.
onWarning(() => {});
const native = findNativeIfAsked();
const shards: Shard[] = [];
const ready = setups.map((setup) =>
  attempt(() => {
    const shard = makeShard(network, optionsOf(setup), workShare);
    shards.push(shard);
    return { backend: { ...(native && "reason" in native && native), ...shard.gradient.backend } };
  }),
);
reply(ready);
for (;;) {
  waitWhile(control, thread, STATES.idle);
  if (Atomics.load(control, thread) !== STATES.busy) continue;
  const { message: task } = receiveMessageOnPort(port) as { message: ShardTask };
  reply(
    shards.map((shard, k) =>
      attempt(() => {
        const answer = inSharedMemory(runTask(shard, task), `${k} ${task.kind}`);
        // Its next gradients are written there at once.
        if (task.kind === "backward") shard.earlier = answer.values!;
        return answer;
      }),
    ),
  );
}

// Implementation

function findNativeIfAsked(): FoundNative | undefined {
  return setups.some(({ backend }) => backend === "native") ? findNative() : undefined;
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
    if (own.buffer instanceof SharedArrayBuffer) return [name, own] as const;
    const shared = room(`${key} ${name}`, "f64", own.length);
    shared.set(own);
    return [name, shared] as const;
  });
  return { ...answer, values: Object.fromEntries(values) };
}
