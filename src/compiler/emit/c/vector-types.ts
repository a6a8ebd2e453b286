/**
 * @file Vectors in C, by the vector extensions of GCC and Clang: names of their types, and the small functions that
 * the extensions lack. The compiler splits a vector that is wider than the machine's.
 */

import type { Precision } from "../wasm/math/math-library.ts";

/** Bytes of a vector. */
export type VectorBytes = 16 | 32 | 64;

/** Bytes of a number. */
export const NUMBER_BYTES: Record<Precision, 4 | 8> = { f64: 8, f32: 4 };

/** Names of the C types of one vector and its lanes. */
export interface VectorType {
  precision: Precision;
  bytes: VectorBytes;
  lanes: number;
  /** Suffix of its functions, and the type itself: `f64x8`. */
  name: string;
  /** The same bits as signed and as unsigned whole numbers. */
  signed: string;
  unsigned: string;
  /** Type of a lane. */
  scalar: "double" | "float";
}

/** The type of vectors of a precision and width. */
export function vectorType(precision: Precision, bytes: VectorBytes): VectorType {
  const lanes = bytes / NUMBER_BYTES[precision];
  const bits = 8 * NUMBER_BYTES[precision];
  return {
    precision,
    bytes,
    lanes,
    name: `${precision}x${lanes}`,
    signed: `i${bits}x${lanes}`,
    unsigned: `u${bits}x${lanes}`,
    scalar: precision === "f64" ? "double" : "float",
  };
}

/** Part of a row of numbers. */
export interface Piece {
  /** Place of the first. */
  from: number;
  type: VectorType;
}

/** A row of numbers cut into vectors, the widest first. @param count - A multiple of 16 bytes. */
export function cutRow(count: number, precision: Precision, widest: VectorBytes): Piece[] {
  const pieces: Piece[] = [];
  let bytes = widest;
  for (let from = 0; from < count; ) {
    const type = vectorType(precision, bytes);
    if (from + type.lanes > count) {
      bytes = (bytes / 2) as VectorBytes;
      continue;
    }
    pieces.push({ from, type });
    from += type.lanes;
  }
  return pieces;
}

/** A number as a C literal of exactly that value. */
export function literal(x: number, precision: Precision): string {
  const suffix = precision === "f32" ? "f" : "";
  const value = precision === "f32" ? Math.fround(x) : x;
  if (Number.isNaN(value)) return `__builtin_nan${suffix}("")`;
  if (!Number.isFinite(value)) return `${value < 0 ? "-" : ""}__builtin_inf${suffix}()`;
  const text = Object.is(value, -0) ? "-0" : `${value}`;
  return `${/[.e]/.test(text) ? text : `${text}.0`}${suffix}`;
}

/** What every source begins with: headers, and vectors of both precisions up to a width. */
export function printVectorTypes(widest: VectorBytes): string {
  const widths = ([16, 32, 64] as const).filter((bytes) => bytes <= widest);
  return [HEADER, halfTypes(), ...widths.map(printWidth)].join("\n");
}

// Implementation

/** Nothing may be done in a wider format than asked for; contraction and reassociation are off by option. */
const HEADER = `#include <float.h>
#include <stdint.h>
#include <string.h>
#if FLT_EVAL_METHOD != 0 || defined(__FAST_MATH__)
#error "floating-point numbers are not evaluated in their own format"
#endif
#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "not a little-endian processor"
#endif
#define INLINE static inline __attribute__((always_inline))
#ifdef __has_builtin
#if __has_builtin(__builtin_shufflevector)
#define SHUFFLES
#endif
#endif
`;

/** Half a vector of 16 bytes. */
function halfTypes(): string {
  return "typedef float f32x2 __attribute__((vector_size(8)));";
}

function printWidth(bytes: VectorBytes): string {
  const double = vectorType("f64", bytes);
  const single = vectorType("f32", bytes);
  return [printType(double), printType(single), printConversion(single, double)].join("\n");
}

function printType(type: VectorType): string {
  const { name: v, signed, unsigned, scalar, lanes, bytes, precision } = type;
  const width = 8 * NUMBER_BYTES[precision];
  const whole = `int${width}_t`;
  const number = (x: number) => `splat_${v}(${literal(x, precision)})`;
  const each = (x: string) => Array.from({ length: lanes }, () => x).join(", ");
  // From here on every number is whole.
  const base = number(precision === "f64" ? 2 ** 52 : 2 ** 23);
  const select = (mask: string, a: string, b: string) => `select_${v}(${a}, ${b}, (${v})(${mask}))`;
  return `typedef ${scalar} ${v} __attribute__((vector_size(${bytes})));
typedef ${whole === "int64_t" ? "long long" : whole} ${signed} __attribute__((vector_size(${bytes})));
typedef u${whole} ${unsigned} __attribute__((vector_size(${bytes})));
typedef ${scalar} ${v}_at __attribute__((vector_size(${bytes}), aligned(${NUMBER_BYTES[precision]}), may_alias));
INLINE ${v} load_${v}(const void *p) { return *(const ${v}_at *)p; }
INLINE void store_${v}(void *p, ${v} x) { *(${v}_at *)p = x; }
INLINE ${v} splat_${v}(${scalar} x) { return (${v}){${each("x")}}; }
#ifdef SHUFFLES
#define spread_${v}(x, lane) __builtin_shufflevector(x, x, ${each("lane")})
#else
#define spread_${v}(x, lane) splat_${v}((x)[lane])
#endif
INLINE ${v} bits_${v}(u${whole} x) { return (${v})(${unsigned}){${each("x")}}; }
INLINE ${v} select_${v}(${v} a, ${v} b, ${v} m) {
  return (${v})(((${signed})m & (${signed})a) | (~(${signed})m & (${signed})b));
}
INLINE int any_${v}(${v} m) {
${printAny(type)}
}
INLINE ${v} abs_${v}(${v} x) { return (${v})((${signed})x & ~(${signed})${number(-0)}); }
INLINE ${v} sign_${v}(${v} x) { return (${v})((${signed})x & (${signed})${number(-0)}); }
INLINE ${v} or_${v}(${v} a, ${v} b) { return (${v})((${signed})a | (${signed})b); }
INLINE ${v} sqrt_${v}(${v} x) {
  union { ${v} whole; ${scalar} part[${lanes}]; } u = {x};
  for (int i = 0; i < ${lanes}; i++) u.part[i] = __builtin_sqrt${precision === "f32" ? "f" : ""}(u.part[i]);
  return u.whole;
}
INLINE ${v} nearest_${v}(${v} x) {
  ${v} size = abs_${v}(x), r = or_${v}((size + ${base}) - ${base}, sign_${v}(x));
  return ${select(`size < ${base}`, "r", "x")};
}
INLINE ${v} floor_${v}(${v} x) {
  ${v} r = nearest_${v}(x);
  return ${select("r > x", `r - ${number(1)}`, "r")};
}
INLINE ${v} ceil_${v}(${v} x) {
  ${v} r = nearest_${v}(x);
  return ${select("r < x", `or_${v}(r + ${number(1)}, sign_${v}(x))`, "r")};
}
INLINE ${v} trunc_${v}(${v} x) { return or_${v}(floor_${v}(abs_${v}(x)), sign_${v}(x)); }
INLINE ${v} min_${v}(${v} a, ${v} b) {
  ${v} other = ${select("a == b", `or_${v}(a, b)`, "a + b")};
  return ${select("a < b", "a", select("b < a", "b", "other"))};
}
INLINE ${v} max_${v}(${v} a, ${v} b) {
  ${v} other = ${select("a == b", `(${v})((${signed})a & (${signed})b)`, "a + b")};
  return ${select("a > b", "a", select("b > a", "b", "other"))};
}
`;
}

/** Whether any bit is set, by one instruction where there is one. */
function printAny({ lanes, signed, bytes, precision }: VectorType): string {
  const width = 8 * NUMBER_BYTES[precision];
  const loop = `  ${signed} bits = (${signed})m;
  int${width}_t any = 0;
  for (int i = 0; i < ${lanes}; i++) any |= bits[i];
  return any != 0;`;
  if (bytes === 16) return loop;
  // Built in: the headers of intrinsics would take longer to compile than all the rest.
  const [feature, test] =
    bytes === 64
      ? [
          "__AVX512F__) && !defined(__clang__",
          "__builtin_ia32_ptestmq512((i64x8)m, (i64x8)m, (unsigned char)-1) != 0",
        ]
      : ["__AVX__", "!__builtin_ia32_ptestz256((i64x4)m, (i64x4)m)"];
  return `#if defined(${feature})\n  return ${test};\n#else\n${loop}\n#endif`;
}

function printConversion(single: VectorType, double: VectorType): string {
  const half = `f32x${single.lanes / 2}`;
  const halves = `union { ${single.name} whole; ${half} half[2]; }`;
  return `INLINE ${double.name} double_${single.name}(${single.name} x, int upper) {
  ${halves} u = {x};
  return __builtin_convertvector(u.half[upper], ${double.name});
}
INLINE ${single.name} single_${single.name}(${double.name} low, ${double.name} high) {
  ${halves} u;
  u.half[0] = __builtin_convertvector(low, ${half});
  u.half[1] = __builtin_convertvector(high, ${half});
  return u.whole;
}
`;
}
