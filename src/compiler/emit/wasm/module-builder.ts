/** @file Assembles a WebAssembly module: one imported memory, functions, exports, active data. */

import { FunctionBuilder, type FunctionHandle, VALUE_TYPES, type ValueType } from "./function-builder.ts";
import { unsignedLeb128 } from "./leb128.ts";

export type { FunctionHandle, ValueType } from "./function-builder.ts";

/** Parameters and results of a function. */
export interface Signature {
  parameters: ValueType[];
  results: ValueType[];
}

/** A module under construction. */
export class ModuleBuilder {
  readonly #types: number[][] = [];
  readonly #imports: number[][] = [];
  readonly #functions: { type: number; body: number[] }[] = [];
  readonly #exports: number[][] = [];
  readonly #handles = new Map<string, FunctionHandle>();
  readonly #data: number[][] = [];

  /**
   * Imports the memory that loads and stores work on.
   *
   * @param options.minimumPages - Smallest size accepted [64 KiB], default 0.
   * @param options.shared - Makes it a shared memory, which needs a largest size [64 KiB].
   */
  importMemory(
    module: string,
    name: string,
    options: { minimumPages?: number; shared?: { maximumPages: number } } = {},
  ): void {
    const { minimumPages = 0, shared } = options;
    const limits = shared
      ? [3, ...unsignedLeb128(minimumPages), ...unsignedLeb128(shared.maximumPages)]
      : [0, ...unsignedLeb128(minimumPages)];
    this.#imports.push([...text(module), ...text(name), KIND_MEMORY, ...limits]);
  }

  /**
   * Adds a function. `build` writes its body, and may itself add the functions that the body calls.
   *
   * @returns A handle for calls from functions added later.
   */
  addFunction(
    name: string,
    signature: Signature,
    build: (code: FunctionBuilder) => void,
    options: { exported?: boolean } = {},
  ): FunctionHandle {
    const index = this.#functions.length;
    const entry = { type: this.#typeOf(signature), body: [] as number[] };
    this.#functions.push(entry);
    const handle = { index, name };
    if (options.exported) {
      this.#exports.push([...text(name), KIND_FUNCTION, ...unsignedLeb128(index)]);
      this.#handles.set(name, handle);
    }
    const code = new FunctionBuilder(signature.parameters);
    build(code);
    entry.body = code.toBytes();
    return handle;
  }

  /** The exported function of that name, which must have been added. */
  handle(name: string): FunctionHandle {
    const handle = this.#handles.get(name);
    if (handle === undefined) throw new Error(`the module has no exported function ${name}`);
    return handle;
  }

  /** Copies `bytes` to an address of the memory when the module is instantiated. */
  data(offset: number, bytes: Uint8Array): void {
    const position = new FunctionBuilder([]).i32Const(offset).toBytes().slice(1); // without local declarations
    this.#data.push([0, ...position, ...counted(bytes)]);
  }

  /** The module in the binary format. */
  toBytes(): Uint8Array {
    const functionTypes = this.#functions.map(({ type }) => unsignedLeb128(type));
    const bodies = this.#functions.map(({ body }) => counted(body));
    const sections: [id: number, items: number[][]][] = [
      [1, this.#types],
      [2, this.#imports],
      [3, functionTypes],
      [7, this.#exports],
      [10, bodies],
      [11, this.#data],
    ];
    const out = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
    for (const [id, items] of sections) {
      if (items.length === 0) continue;
      const content = [...unsignedLeb128(items.length)];
      for (const item of items) append(content, item);
      out.push(id);
      append(out, counted(content));
    }
    return Uint8Array.from(out);
  }

  #typeOf({ parameters, results }: Signature): number {
    const codes = (types: ValueType[]) => counted(types.map((type) => VALUE_TYPES[type]));
    const type = [0x60, ...codes(parameters), ...codes(results)];
    const known = this.#types.findIndex((other) => String(other) === String(type));
    return known >= 0 ? known : this.#types.push(type) - 1;
  }
}

// Implementation

const KIND_FUNCTION = 0;
const KIND_MEMORY = 2;

/** Length, then bytes. */
function counted(bytes: ArrayLike<number>): number[] {
  const out = unsignedLeb128(bytes.length);
  append(out, bytes);
  return out;
}

function text(value: string): number[] {
  return counted(new TextEncoder().encode(value));
}

/** A loop, since spreading a long section overflows the stack of the engine. */
function append(out: number[], bytes: ArrayLike<number>): void {
  for (let i = 0; i < bytes.length; i++) out.push(bytes[i]);
}
