/**
 * @file What the thread that trains and those that help it tell each other. Arrays lie in shared memory and are only
 * named in messages; who may speak is told by one word of a thread that both can wait for.
 */

import type { MessagePort } from "node:worker_threads";
import { CajalError } from "../../core/index.ts";
import type { GradientOptions, ShardAnswer, ShardTask } from "../../engine/index.ts";
import type { Network } from "../../model/index.ts";

/** Words of the control array: the first counts the overseer's signs of life, word t is the state of thread t. */
export const STATES = { idle: 0, busy: 1, dead: 2 } as const;

/** Options of a shard as they cross to a thread: native code is loaded there anew. */
export type ShardSetup = Omit<GradientOptions, "backend"> & { backend: "wasm" | "interpret" | "native" };

/** What a helping thread is started with. */
export interface ThreadSetup {
  /** Its place in the control array, from 1. */
  thread: number;
  control: Int32Array;
  port: MessagePort;
}

/** What a helping thread is told: of one team among those that it has shards of. */
export type ThreadOrder = { team: number } & (
  | { kind: "make"; network: Network /** Its shards in ascending order. */; shards: ShardSetup[] }
  | { kind: "run"; task: ShardTask }
  | { kind: "drop" }
);

/** What the overseer is started with. */
export interface OverseerSetup {
  control: Int32Array;
  /** Takes why a thread ended. */
  port: MessagePort;
  threads: ThreadSetup[];
}

/** A helping thread's answer to an order, shard by shard. */
export type ThreadAnswer = ({ answer: ShardAnswer } | { error: PackedError })[];

/** Why a thread ended. */
export interface ThreadEnd {
  thread: number;
  reason: string;
}

/** An error as plain data. */
export interface PackedError {
  message: string;
  cajal?: Pick<CajalError, "code" | "what" | "where" | "hint" | "frame">;
}

/** An error to be sent to another thread. */
export function packError(error: unknown): PackedError {
  if (!(error instanceof CajalError)) return { message: error instanceof Error ? error.message : `${error}` };
  const { message, code, what, where, hint, frame } = error;
  return { message, cajal: { code, what, where, hint, frame } };
}

/** The error that was sent. */
export function unpackError({ message, cajal }: PackedError): Error {
  if (!cajal) return new Error(message);
  const { what, ...details } = cajal;
  return new CajalError(what, details as ConstructorParameters<typeof CajalError>[1]);
}
