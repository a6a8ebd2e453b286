/**
 * @file For the tests of the kernels of plastic projections: compile one over a copy of a store's memory.
 */

import { type FunctionHandle, ModuleBuilder } from "../../../compiler/index.ts";
import { SynapseStore } from "../../plasticity/store.ts";
import { STORE_ADDRESS } from "../../plasticity/test-fixtures.ts";

const PAGE = 65536;

/** A kernel and the memory it works on, which begins with a copy of a store's. */
export interface StoreKernel {
  memory: ArrayBuffer;
  /** The store in that memory. */
  store: SynapseStore;
  /** Address from which on the memory is free. */
  free: number;
  run(...numbers: number[]): number;
}

/** Compile a kernel over a copy of the memory of a store. */
export function compileOver(
  original: SynapseStore,
  add: (module: ModuleBuilder) => FunctionHandle,
  extra = 4096,
): StoreKernel {
  const bytes = original.header.buffer.byteLength;
  const free = Math.ceil(bytes / 64) * 64;
  const memory = new WebAssembly.Memory({ initial: Math.ceil((free + extra) / PAGE) });
  const builder = new ModuleBuilder();
  builder.importMemory("cajal", "memory");
  const { name } = add(builder);
  const module = new WebAssembly.Module(builder.toBytes() as BufferSource);
  const { exports } = new WebAssembly.Instance(module, { cajal: { memory } });
  new Uint8Array(memory.buffer).set(new Uint8Array(original.header.buffer));
  const store = new SynapseStore(memory.buffer, STORE_ADDRESS, original.layout);
  return { memory: memory.buffer, store, free, run: exports[name] as StoreKernel["run"] };
}

/** Where a memory first differs from that of a store, as far as the store's own reaches; −1 if nowhere. */
export function firstDifference(memory: ArrayBuffer, store: SynapseStore): number {
  const got = new Uint8Array(memory);
  return new Uint8Array(store.header.buffer).findIndex((byte, k) => byte !== got[k]);
}
