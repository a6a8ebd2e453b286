/**
 * @file Reader of Cajal's own connectome file (JSON, `"format": "cajal-connectome"`), which keeps each kind of
 * synapse as a layer of its own. The file is written by `scripts/data`; its layout is in `data/README.md`.
 */

import { CajalError } from "../../core/index.ts";

/** The connections of one kind: edge k leads from `pre[k]` to `post[k]`. */
export interface ConnectomeLayer {
  /** False for gap junctions: each pair is listed once, `pre[k] <= post[k]`. */
  readonly directed: boolean;
  /** What a weight of 1 is. */
  readonly unit: string;
  /** Shape `(edge)`. */
  readonly pre: Int32Array;
  /** Shape `(edge)`. */
  readonly post: Int32Array;
  /** Shape `(edge)`, > 0. */
  readonly values: Float64Array;
}

/** What a connectome file holds. */
export interface ConnectomeData {
  readonly name: string;
  readonly title: string;
  readonly citation: string;
  /** Shape `(unit)`. */
  readonly labels: readonly string[];
  /** Shape `(unit)`. */
  readonly types: readonly string[];
  /** Further facts on each unit, shape `(unit)` each. */
  readonly attributes: Readonly<Record<string, readonly string[]>>;
  /** Shape `(unit, 3)` [mm]. */
  readonly positions: Float64Array;
  readonly layers: Readonly<Record<string, ConnectomeLayer>>;
}

/** Length units a file may use [mm]. */
const MILLIMETRES = new Map([
  ["um", 1000],
  ["mm", 1],
]);

/**
 * Read a connectome file. Whatever the bytes are, the only thing thrown is a CajalError.
 *
 * @param bytes - The file, UTF-8.
 * @param where - Its name, for messages.
 * @throws CajalError `bad-connectome-file`, `newer-connectome-file`.
 */
export function parseConnectomeData(bytes: Uint8Array, where: string): ConnectomeData {
  const root = new Field(parseJson(bytes, where), "", where);
  if (root.get("format").value !== "cajal-connectome") {
    throw root.get("format").wrong('must be "cajal-connectome"');
  }
  if (root.get("version").value !== 1) {
    throw new CajalError(`version is ${show(root.get("version").value)}, this Cajal reads version 1`, {
      code: "newer-connectome-file",
      where,
      hint: "Update Cajal, or ask for version 1 of the file.",
    });
  }
  const labels = root.get("labels").strings();
  const size = labels.length;
  return {
    name: root.get("name").text(),
    title: root.get("title").text(),
    citation: root.get("citation").text(),
    labels,
    types: root.get("types").strings(size),
    attributes: Object.fromEntries(
      root
        .get("attributes")
        .entries()
        .map(([key, field]) => [key, field.strings(size)]),
    ),
    positions: readPositions(root.get("positions"), size),
    layers: Object.fromEntries(
      root
        .get("layers")
        .entries()
        .map(([key, field]) => [key, readLayer(field, size)]),
    ),
  };
}

// Implementation

function parseJson(bytes: Uint8Array, where: string): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw damaged(where, "is not JSON text in UTF-8", cause);
  }
}

function damaged(where: string, what: string, cause?: unknown): CajalError {
  return new CajalError(what, {
    code: "bad-connectome-file",
    where,
    hint: "The file is damaged or not a connectome file; install Cajal again.",
    cause,
  });
}

function readPositions(field: Field, size: number): Float64Array {
  const unit = field.get("unit");
  const perMillimetre = MILLIMETRES.get(unit.text());
  if (perMillimetre === undefined) throw unit.wrong(`must be one of ${[...MILLIMETRES.keys()].join(", ")}`);
  const values = field.get("values").items(3 * size);
  return Float64Array.from(values, (item) => item.finite() / perMillimetre);
}

/** Row i holds the edges from node i as target, weight, target, weight, …; targets ascend. */
function readLayer(field: Field, size: number): ConnectomeLayer {
  const directed = field.get("directed").flag();
  const pre: number[] = [];
  const post: number[] = [];
  const values: number[] = [];
  let total = 0;
  field
    .get("rows")
    .items(size)
    .forEach((row, i) => {
      const items = row.items();
      if (items.length % 2 !== 0) throw row.wrong("must hold pairs of target and weight");
      let last = directed ? -1 : i - 1;
      for (let k = 0; k < items.length; k += 2) {
        const target = items[k].finite();
        if (!Number.isInteger(target) || target < 0 || target >= size) {
          throw items[k].wrong(`must be a whole number from 0 to ${size - 1}`);
        }
        if (target <= last) throw items[k].wrong(`must be greater than ${last}`);
        const weight = items[k + 1].finite();
        if (weight <= 0) throw items[k + 1].wrong("must be greater than 0");
        last = target;
        pre.push(i);
        post.push(target);
        values.push(weight);
        total += weight;
      }
    });
  // The sums catch a file that is well formed but was edited or cut.
  field.get("edges").equals(values.length);
  field.get("total").equals(total);
  return {
    directed,
    unit: field.get("unit").text(),
    pre: Int32Array.from(pre),
    post: Int32Array.from(post),
    values: Float64Array.from(values),
  };
}

/** A value of the file together with its place, so that every complaint names both. */
class Field {
  readonly value: unknown;
  readonly #path: string;
  readonly #where: string;

  constructor(value: unknown, path: string, where: string) {
    this.value = value;
    this.#path = path;
    this.#where = where;
  }

  wrong(rule: string): CajalError {
    return damaged(this.#where, `${this.#path || "the file"} ${rule}, got ${show(this.value)}`);
  }

  get(key: string): Field {
    return new Field(
      Object.getOwnPropertyDescriptor(this.#object(), key)?.value,
      this.#under(key),
      this.#where,
    );
  }

  entries(): [string, Field][] {
    return Object.entries(this.#object()).map(([key, value]) => [
      key,
      new Field(value, this.#under(key), this.#where),
    ]);
  }

  items(length?: number): Field[] {
    if (!Array.isArray(this.value)) throw this.wrong("must be a list");
    if (length !== undefined && this.value.length !== length) {
      throw this.wrong(`must hold ${length} items`);
    }
    return this.value.map((item, i) => new Field(item, `${this.#path}[${i}]`, this.#where));
  }

  strings(length?: number): string[] {
    return this.items(length).map((item) => item.text());
  }

  text(): string {
    if (typeof this.value !== "string" || this.value === "") throw this.wrong("must be text");
    return this.value;
  }

  flag(): boolean {
    if (typeof this.value !== "boolean") throw this.wrong("must be true or false");
    return this.value;
  }

  finite(): number {
    if (typeof this.value !== "number" || !Number.isFinite(this.value)) throw this.wrong("must be a number");
    return this.value;
  }

  equals(expected: number): void {
    if (this.value !== expected) throw this.wrong(`must be ${expected}, the sum over the rows`);
  }

  #object(): object {
    if (typeof this.value !== "object" || this.value === null || Array.isArray(this.value)) {
      throw this.wrong("must be an object");
    }
    return this.value;
  }

  #under(key: string): string {
    return this.#path ? `${this.#path}.${key}` : key;
  }
}

/** A value for a message, short whatever it is. */
function show(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object";
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
