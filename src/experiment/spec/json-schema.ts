/**
 * @file The schemas of experiments as JSON Schema: what the files in `schema/` hold, and what errors list as legal.
 */

import { z } from "zod";
import { type ExperimentKind, kindOf, SCHEMAS } from "./experiment-kind.ts";
import { type Path, pathText } from "./path.ts";

/** As much of JSON Schema as zod writes for us. */
export interface JsonSchema {
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
  type?: string;
  title?: string;
  description?: string;
  default?: unknown;
  const?: unknown;
  enum?: unknown[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: boolean | JsonSchema;
  items?: JsonSchema | boolean;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  [other: string]: unknown;
}

const cached = new Map<ExperimentKind, JsonSchema>();

/** Names of the files in `schema/`. */
export const SCHEMA_FILES: Readonly<Record<ExperimentKind, string>> = {
  memory: "experiment.json",
  "self-organisation": "self-organisation.json",
  training: "training.json",
};

/** JSON Schema (draft 2020-12) of an experiment file, sweep paths included so that an editor completes them. */
export function experimentJsonSchema(kind: ExperimentKind = "memory"): JsonSchema {
  const known = cached.get(kind);
  if (known) return known;
  const schema = z.toJSONSchema(SCHEMAS[kind], { io: "input", unrepresentable: "any" }) as JsonSchema;
  dropSafeIntegerBounds(schema);
  const root: JsonSchema = { ...schema, $id: `cajal/${SCHEMA_FILES[kind]}` };
  const sweep = root.properties?.sweep;
  if (sweep && typeof sweep.additionalProperties === "object") {
    root.$defs = { ...root.$defs, sweepValues: sweep.additionalProperties };
    const values = { $ref: "#/$defs/sweepValues" };
    sweep.additionalProperties = values;
    sweep.properties = Object.fromEntries(
      sweepPaths(root).map(({ path, description }) => [
        path,
        { ...values, ...(description && { description }) },
      ]),
    );
  }
  cached.set(kind, root);
  return root;
}

/** Schemas that may stand at `path`, given the data there: alternatives of a union that the data rules out are left out. */
export function schemasAt(path: Path, data: unknown): JsonSchema[] {
  const root = experimentJsonSchema(kindOf(data));
  let here = alternatives(root, root, data);
  let at = data;
  for (const key of path) {
    at = typeof at === "object" && at !== null ? (at as Record<string | number, unknown>)[key] : undefined;
    here = here.flatMap((schema) => below(schema, key)).flatMap((next) => alternatives(next, root, at));
  }
  return here;
}

/** Like {@link schemasAt}, but with every option of a union at `path` itself, whatever the data there says. */
export function optionsAt(path: Path, data: unknown): JsonSchema[] {
  const root = experimentJsonSchema(kindOf(data));
  if (path.length === 0) return [root];
  const parents = schemasAt(path.slice(0, -1), data);
  return parents
    .flatMap((s) => below(s, path[path.length - 1]))
    .flatMap((s) => alternatives(s, root, undefined));
}

/** What the schema says about the value at `path`, if it says anything. */
export function descriptionAt(path: Path, data: unknown): string | undefined {
  const parents = path.length > 0 ? schemasAt(path.slice(0, -1), data) : [];
  const here = parents.flatMap((s) => below(s, path[path.length - 1]));
  return [...here, ...schemasAt(path, data)].find((schema) => schema.description)?.description;
}

/** Keys legal in the object at `path`, in the schema's order. */
export function keysAt(path: Path, data: unknown): string[] {
  return [...new Set(schemasAt(path, data).flatMap((schema) => Object.keys(schema.properties ?? {})))];
}

/** Every path to a single value, lists aside: what a sweep can name. */
export function sweepPaths(root = experimentJsonSchema()): { path: string; description?: string }[] {
  const found = new Map<string, { path: string; description?: string }>();
  const visit = (schema: JsonSchema, path: string[], inherited?: string) => {
    const description = schema.description ?? inherited;
    for (const option of alternatives(schema, root, undefined)) {
      const entries = Object.entries(option.properties ?? {});
      // A choice of nodes is one value, however deep it is written.
      if (path.at(-1) === "nodes" || entries.length === 0) {
        if (isLeaf(option) || path.at(-1) === "nodes") {
          const text = pathText(path);
          if (!found.has(text)) found.set(text, { path: text, ...(description && { description }) });
        }
      } else
        for (const [key, next] of entries) visit(next, [...path, key], option.description ?? description);
    }
  };
  for (const [key, schema] of Object.entries(root.properties ?? {})) {
    if (!UNSWEPT.has(key)) visit(schema, [key]);
  }
  return [...found.values()];
}

/** Top-level keys that a sweep does not reach. */
export const UNSWEPT: ReadonlySet<string> = new Set([
  ...["kind", "name", "seed", "repeat", "sweep", "nullModels"],
  ...["record", "analyse", "analyses", "ablations"],
]);

// Implementation

function isLeaf(schema: JsonSchema): boolean {
  return schema.const === undefined && schema.type !== "array" && schema.type !== "object";
}

function below(schema: JsonSchema, key: string | number): JsonSchema[] {
  if (typeof key === "number") return typeof schema.items === "object" ? [schema.items] : [];
  if (schema.properties && Object.hasOwn(schema.properties, key)) return [schema.properties[key]];
  return typeof schema.additionalProperties === "object" ? [schema.additionalProperties] : [];
}

/** The schema itself, or the options of its union that agree with `data` in every constant. */
function alternatives(schema: JsonSchema, root: JsonSchema, data: unknown): JsonSchema[] {
  const { $ref, anyOf, oneOf } = schema;
  if ($ref) {
    const target = $ref === "#" ? root : root.$defs?.[$ref.replace("#/$defs/", "")];
    return target ? alternatives(target, root, data) : [];
  }
  const options = anyOf ?? oneOf;
  if (!options) return [schema];
  const flat = options.flatMap((option) => alternatives(option, root, data));
  const fitting = flat.filter((option) => constantsAgree(option, data));
  const known = fitting.map((option) => knownKeys(option, data));
  const most = Math.max(0, ...known);
  const best = fitting.filter((_, i) => known[i] === most);
  return best.length > 0 ? best : flat;
}

/** Whether every constant of `option`, such as its `kind`, is the one the data has. */
export function constantsAgree(option: JsonSchema, data: unknown): boolean {
  if (typeof data !== "object" || data === null) return true;
  const given = data as Record<string, unknown>;
  return Object.entries(option.properties ?? {}).every(
    ([key, { const: constant }]) =>
      constant === undefined || given[key] === undefined || given[key] === constant,
  );
}

function knownKeys({ properties = {} }: JsonSchema, data: unknown): number {
  if (typeof data !== "object" || data === null) return 0;
  return Object.keys(data).filter((key) => key in properties).length;
}

/** Whole numbers get ±(2^53 − 1) as bounds from zod; in an editor they are noise. */
function dropSafeIntegerBounds(node: unknown): void {
  if (typeof node !== "object" || node === null) return;
  const record = node as Record<string, unknown>;
  if (record.maximum === Number.MAX_SAFE_INTEGER) delete record.maximum;
  if (record.minimum === Number.MIN_SAFE_INTEGER) delete record.minimum;
  for (const value of Object.values(record)) dropSafeIntegerBounds(value);
}
