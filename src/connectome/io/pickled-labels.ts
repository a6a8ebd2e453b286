/**
 * @file A list of strings from a Python pickle, and nothing else: no object is built, no code is run. Published
 * connectomes come with their region names in this form. After the opcode table of Python's `pickletools`.
 */

import { CajalError } from "../../core/index.ts";

const MARK = Symbol("mark");
type Item = string | typeof MARK | string[];

/** Whether the bytes start like a pickle of protocol 2 or later. */
export function isPickle(bytes: Uint8Array): boolean {
  return bytes.length > 2 && bytes[0] === 0x80 && bytes[1] >= 2 && bytes[1] <= 5;
}

/**
 * Read a pickled list or tuple of strings.
 *
 * @throws CajalError `pickle-unsupported`, `pickle-truncated`.
 */
export function readPickledLabels(bytes: Uint8Array, name = "labels"): string[] {
  return new Unpickler(bytes, name).run();
}

// Implementation

/** The few opcodes a list of strings is made of, on a stack. */
class Unpickler {
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  readonly #name: string;
  readonly #stack: Item[] = [];
  readonly #memo = new Map<number, Item>();
  #at = 0;

  constructor(bytes: Uint8Array, name: string) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#name = name;
  }

  run(): string[] {
    while (true) {
      const op = this.#bytes[this.#take(1)];
      if (op === 0x2e) return this.#result();
      this.#step(op);
    }
  }

  #step(op: number): void {
    const u8 = () => this.#view.getUint8(this.#take(1));
    const u32 = () => this.#view.getUint32(this.#take(4), true);
    switch (op) {
      case 0x80: // PROTO
        this.#take(1);
        break;
      case 0x95: // FRAME
        this.#take(8);
        break;
      case 0x5d: // EMPTY_LIST
      case 0x29: // EMPTY_TUPLE
        this.#stack.push([]);
        break;
      case 0x28:
        this.#stack.push(MARK);
        break;
      case 0x8c: // SHORT_BINUNICODE
      case 0x55: // SHORT_BINSTRING of Python 2
        this.#stack.push(this.#string(u8()));
        break;
      case 0x58: // BINUNICODE
      case 0x54: // BINSTRING of Python 2
        this.#stack.push(this.#string(u32()));
        break;
      case 0x71: // BINPUT
        this.#memo.set(u8(), this.#top());
        break;
      case 0x72: // LONG_BINPUT
        this.#memo.set(u32(), this.#top());
        break;
      case 0x94: // MEMOIZE
        this.#memo.set(this.#memo.size, this.#top());
        break;
      case 0x68: // BINGET
        this.#recall(u8());
        break;
      case 0x6a: // LONG_BINGET
        this.#recall(u32());
        break;
      case 0x61: // APPEND
        this.#append([this.#stack.pop()]);
        break;
      case 0x65: // APPENDS
        this.#append(this.#popToMark());
        break;
      case 0x74: // TUPLE
        this.#tuple(this.#popToMark());
        break;
      default:
        throw this.#refuse(`opcode 0x${op.toString(16)} at byte ${this.#at - 1}`);
    }
  }

  #take(count: number): number {
    const start = this.#at;
    if (start + count > this.#bytes.length) {
      throw new CajalError("the pickle is cut off", {
        code: "pickle-truncated",
        where: this.#name,
        hint: "Copy or download it again.",
      });
    }
    this.#at += count;
    return start;
  }

  #string(length: number): string {
    const start = this.#take(length);
    return new TextDecoder().decode(this.#bytes.subarray(start, start + length));
  }

  #top(): Item {
    const item = this.#stack.at(-1);
    if (item === undefined) throw this.#refuse("an empty stack");
    return item;
  }

  #recall(key: number): void {
    const item = this.#memo.get(key);
    if (item === undefined) throw this.#refuse("an unknown memo");
    this.#stack.push(item);
  }

  #tuple(items: Item[]): void {
    this.#stack.push([]);
    this.#append(items);
  }

  #popToMark(): Item[] {
    const mark = this.#stack.lastIndexOf(MARK);
    if (mark < 0) throw this.#refuse("no mark");
    const items = this.#stack.splice(mark + 1);
    this.#stack.pop();
    return items;
  }

  #append(items: (Item | undefined)[]): void {
    const list = this.#top();
    if (!Array.isArray(list)) throw this.#refuse("no list to append to");
    for (const item of items) {
      if (typeof item !== "string") throw this.#refuse("an item that is no string");
      list.push(item);
    }
  }

  #result(): string[] {
    const list = this.#top();
    if (!Array.isArray(list) || this.#stack.length !== 1) throw this.#refuse("something else than one list");
    return list;
  }

  #refuse(found: string): CajalError {
    return new CajalError(`the pickle holds more than a list of strings (${found})`, {
      code: "pickle-unsupported",
      where: this.#name,
      hint: "Save the labels as text, one on each line.",
    });
  }
}
