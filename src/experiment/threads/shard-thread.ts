/**
 * @file What runs in each thread that helps in training: its shards of every team, one order after another.
 */

import { receiveMessageOnPort, workerData } from "node:worker_threads";
import { onWarning } from "../../core/index.ts";
import {
  type GradientOptions,
  makeRooms,
  makeShard,
  type Room,
  runTask,
  type Shard,
  type ShardAnswer,
  type ShardTask,
} from "../../engine/index.ts";
import { workShare } from "../../learning/index.ts";
import { type FoundNative, findNative } from "../native/native-loader.ts";
import { PatientWait } from "./patient-wait.ts";
import {
  packError,
  type ShardSetup,
  STATES,
  type ThreadAnswer,
  type ThreadOrder,
  type ThreadSetup,
} from "./thread-messages.ts";

/** What it keeps for one team. */
interface Team {
  shards: Shard[];
  /** Memory of answers, by shard, task and name. */
  room: Room;
}

const { thread, control, port } = workerData as ThreadSetup;
const teams = new Map<number, Team>();
/** The machine's compiler, where one was asked for. */
let native: FoundNative | undefined;

// The first shard, in the thread that trains, warns of the same.
onWarning(() => {});
const wait = new PatientWait(control);
for (;;) {
  wait.while(thread, STATES.idle);
  if (Atomics.load(control, thread) !== STATES.busy) continue;
  const { message: order } = receiveMessageOnPort(port) as { message: ThreadOrder };
  port.postMessage(carryOut(order));
  Atomics.store(control, thread, STATES.idle);
  Atomics.notify(control, thread);
}

// Implementation

function carryOut(order: ThreadOrder): ThreadAnswer {
  if (order.kind === "make") return make(order);
  if (order.kind === "run") return run(teams.get(order.team)!, order.task);
  teams.delete(order.team);
  return [];
}

function make({ team, network, shards: setups }: ThreadOrder & { kind: "make" }): ThreadAnswer {
  const shards: Shard[] = [];
  teams.set(team, { shards, room: makeRooms((bytes) => new SharedArrayBuffer(bytes)) });
  return setups.map((setup) =>
    attempt(() => {
      const shard = makeShard(network, optionsOf(setup), workShare);
      shards.push(shard);
      const reason = setup.backend === "native" && native && "reason" in native && native;
      return { backend: { ...reason, ...shard.gradient.backend } };
    }),
  );
}

function run({ shards, room }: Team, task: ShardTask): ThreadAnswer {
  return shards.map((shard, k) =>
    attempt(() => {
      const answer = inSharedMemory(runTask(shard, task), (name) => `${k} ${task.kind} ${name}`, room);
      // Its next gradients are written there at once.
      if (task.kind === "backward") shard.earlier = answer.values!;
      return answer;
    }),
  );
}

function optionsOf({ backend, ...options }: ShardSetup): GradientOptions {
  if (backend !== "native") return { ...options, backend };
  // A compiler that is missing now may be there for the next team.
  if (native === undefined || "reason" in native) native = findNative();
  return { ...options, backend: "loader" in native ? native.loader : "wasm" };
}

function attempt(does: () => ShardAnswer): ThreadAnswer[number] {
  try {
    return { answer: does() };
  } catch (error) {
    return { error: packError(error) };
  }
}

/** Copy arrays of an answer to where the other thread sees them. */
function inSharedMemory(answer: ShardAnswer, key: (name: string) => string, room: Room): ShardAnswer {
  if (!answer.values) return answer;
  const values = Object.entries(answer.values).map(([name, own]) => {
    if (own.buffer instanceof SharedArrayBuffer) return [name, own] as const;
    const shared = room(key(name), "f64", own.length);
    shared.set(own);
    return [name, shared] as const;
  });
  return { ...answer, values: Object.fromEntries(values) };
}
