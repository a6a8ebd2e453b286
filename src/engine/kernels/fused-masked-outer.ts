/**
 * @file The gradient of sparse weights as C for matrices of which a good part is there, W′ += Σ over steps and instances
 * of d xᵀ at the entries alone, which bits name: x is gone through in tiles of 64 columns that stay in the nearest
 * cache, with what a row has of d in registers. Bits of results differ from those of WebAssembly.
 */

import { type FusedOptions, fusedFunction, scalarOf } from "./fused-code.ts";
import { BLOCK, RECORD, readRecord } from "./fused-masked.ts";
import { type LanePart, laneParts } from "./lane-parts.ts";
import { printTotals, totalsName } from "./lane-totals.ts";
import { elementBytes } from "./options.ts";

/**
 * The function `name` (out, d, x, records, blocks, rows, steps, d_pitch, x_pitch): `d` is `(step, post, instance)`
 * and `x` `(step, pre, instance)` with bytes from step to step, records as `columnMasks` makes them, `out` is `(edge)`.
 *
 * Each entry is summed over as many instances and steps as registers hold of d; lanes are summed apart and added last,
 * those of several entries together.
 */
export function printFusedMaskedOuter(name: string, options: FusedOptions): string {
  const pieces = cutParts(options);
  const functions: string[] = [];
  const runs = pieces.map((part, k) => {
    const steps = depths(part, options).map((deep) => {
      const own = `${name}_${k}_${deep}`;
      functions.push(printTiles(own, { part, deep, options }));
      return `for (; s + ${deep} <= steps; s += ${deep})
${own}((void *)out, d + (size_t)s * d_pitch, x + (size_t)s * x_pitch, records, blocks, rows, d_pitch, x_pitch);
`;
    });
    return `{\nuint32_t s = 0;\n${steps.join("")}}\n`;
  });
  const totals = pieces.flatMap(({ type }) => groups(options).map((count) => printTotals(type, count)));
  const main = `static void ${name}(char *out, const char *d, const char *x, const uint32_t *records, uint32_t blocks,
    uint32_t rows, uint32_t steps, uint32_t d_pitch, uint32_t x_pitch) {
${runs.join("")}}
`;
  return [...totals, ...functions, main].join("\n");
}

// Implementation

/** Bytes of a line of the caches. */
const LINE = 64;
/** Rows that d is asked for in advance. */
const AHEAD = 8;

/** Vectors of d in registers, and entries that share them. */
const most = ({ widest }: FusedOptions) => (widest === 64 ? 8 : 4);

/** Entries at a time. */
const groups = (options: FusedOptions) => halvesOf(most(options));

/** Steps at a time: as many as fill the registers, then fewer. */
const depths = ({ type, from, to }: LanePart, options: FusedOptions) =>
  halvesOf(2 ** Math.floor(Math.log2(most(options) / ((to - from) / type.bytes))));

const halvesOf = (n: number): number[] => (n > 1 ? [n, ...halvesOf(n / 2)] : [1]);

/** Parts of a row of instances that registers hold whole. */
function cutParts(options: FusedOptions): LanePart[] {
  return laneParts(options).flatMap(({ type, from, to }) => {
    const bytes = most(options) * type.bytes;
    return Array.from({ length: Math.ceil((to - from) / bytes) }, (_, k) => ({
      type,
      from: from + k * bytes,
      to: Math.min(to, from + (k + 1) * bytes),
    }));
  });
}

/** All entries for some steps and instances. */
function printTiles(
  name: string,
  { part, deep, options }: { part: LanePart; deep: number; options: FusedOptions },
): string {
  const { type, from, to } = part;
  const pitch = options.stride * elementBytes(options.precision);
  // Where the vectors of d and x lie, step by step.
  const places = Array.from({ length: deep }, (_, s) =>
    Array.from({ length: (to - from) / type.bytes }, (_, v) => ({ s, at: from + v * type.bytes })),
  ).flat();
  const vector = (base: string, step: string, { s, at }: { s: number; at: number }) =>
    `*(const ${type.name}_at *)(${base} + ${s === 0 ? "" : `${s} * (size_t)${step} + `}${at})`;
  const group = (count: number) => {
    const each = (write: (e: number) => string) =>
      Array.from({ length: count }, (_, e) => write(e)).join(" ");
    const sums = places.map((place, v) =>
      each((e) =>
        v === 0
          ? `${type.name} s${e} = z0 * ${vector(`p${e}`, "x_pitch", place)};`
          : `s${e} += z${v} * ${vector(`p${e}`, "x_pitch", place)};`,
      ),
    );
    return `{
${each((e) => `const char *const p${e} = near + (size_t)__builtin_ctzll(left) * ${pitch}; left &= left - 1;`)}
${sums.join("\n")}
${totalsName(type, count)}(to, ${each((e) => `s${e}`).replaceAll(" ", ", ")});
to += ${count};
}
`;
  };
  const [largest, ...rest] = groups(options);
  return fusedFunction(
    `static void ${name}(${scalarOf(options)} *out, const char *d, const char *x, const uint32_t *records,
    uint32_t blocks, uint32_t rows, uint32_t d_pitch, uint32_t x_pitch)`,
    `const size_t share = (${BLOCK * pitch} / rows + ${LINE - 1}) / ${LINE} * ${LINE};
for (uint32_t k = 0; k < blocks; k++) {
const char *const near = x + (size_t)k * ${BLOCK * pitch};
const char *const soon = k + 1 < blocks ? near + ${BLOCK * pitch} : x + ${deep} * (size_t)x_pitch;
const uint32_t *record = records + (size_t)k * rows * ${RECORD};
for (uint32_t i = 0; i < rows; i++, record += ${RECORD}) {
${readRecord("record", "first", "bits")}
uint64_t left = bits;
uint32_t count = __builtin_popcountll(left);
${scalarOf(options)} *to = out + first;
const char *const y = d + (size_t)i * ${pitch};
${printAhead({ from, length: to - from, deep }, options)}
${places.map((place, v) => `const ${type.name} z${v} = ${vector("y", "d_pitch", place)};`).join("\n")}
for (; count >= ${largest}; count -= ${largest}) ${group(largest)}${rest.map((n) => `if (count & ${n}) ${group(n)}`).join("")}}
}
`,
  );
}

/**
 * Ask for what comes next, so that no sum waits for the last cache: d of a later row, the gradient of the row after the
 * next, a share of x of the next tile. Past the end nothing happens.
 */
function printAhead(
  { from, length, deep }: { from: number; length: number; deep: number },
  options: FusedOptions,
): string {
  const bytes = elementBytes(options.precision);
  const pitch = options.stride * bytes;
  const steps = Array.from({ length: deep }, (_, s) => s);
  const lines = (count: number) => Array.from({ length: Math.ceil(count / LINE) }, (_, k) => k * LINE);
  const later = steps.flatMap((s) =>
    lines(length).map(
      (at) => `__builtin_prefetch(y + ${s} * (size_t)d_pitch + ${AHEAD * pitch + from + at});`,
    ),
  );
  const gradient = lines((BLOCK * bytes) / 2).map(
    (at) => `__builtin_prefetch((const char *)(out + record[i + 2 < rows ? ${2 * RECORD} : 0]) + ${at}, 1);`,
  );
  const tile = steps.map((s) => `__builtin_prefetch(soon + ${s} * (size_t)x_pitch + at, 0, 2);`);
  return `${[...later, ...gradient].join("\n")}
for (size_t at = i * share; at < (i + 1) * share; at += ${LINE}) {
${tile.join("\n")}
}`;
}
