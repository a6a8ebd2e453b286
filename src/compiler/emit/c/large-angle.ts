/**
 * @file Reduction of large angles in C, after Payne & Hanek (1983), step by step that of core's
 * elementary/trigonometric.ts and of emit/wasm/math/large-angle.ts.
 */

import { elementaryTables } from "../../../core/index.ts";
import type { LargeAngle } from "../wasm/math/trigonometric.ts";
import type { CVectorCode } from "./vector-code.ts";
import { literal, type VectorType } from "./vector-types.ts";

const { DIGIT_PAIRS, INVERSE_PI_DIGITS, PARTS } = elementaryTables;

/** What sine (`half` 0) and cosine (`half` 1) call. */
export function largeAngleCall(half: 0 | 1): LargeAngle {
  return (vector, x, large, { angle, lost, parity }) => {
    const v = vector as CVectorCode;
    const { body } = v;
    const results = [angle, lost ?? v.variable(v.constant(0)), parity].map(
      (variable) => `&${body.text(variable.value)}`,
    );
    const [at, mask] = [x, large].map((value) => body.text(value));
    body.lines.push(`large_angles_${v.type.name}(${at}, ${mask}, ${half}, ${results.join(", ")});`);
  };
}

/** The reduction of one angle; needs the vector types. */
export function printLargeAngle(): string {
  const [pi, piTail] = PARTS.piPair;
  const big = pi * 134217729;
  const piTop = big - (big - pi);
  const number = (x: number) => literal(x, "f64");
  return `static const uint32_t inverse_pi[] = {${INVERSE_PI_DIGITS.join(", ")}};
/* x - (n + half / 2) pi = angle - lost, and the last bit of n. */
static void large_angle(double x, int half, double *angle, double *lost, int64_t *parity) {
  uint64_t bits, m[4], product[10], carry = 0, column = 0;
  memcpy(&bits, &x, 8);
  bits &= 0x7fffffffffffffffu;
  int exponent = (int)(bits >> 52) + 48 - 1075, place = exponent / 24, shift = exponent - 24 * place;
  uint64_t fraction = (bits & 0xfffffffffffffu) | 0x10000000000000u;
  for (int i = 0; i < 4; i++) {
    carry = (carry >> 24) + (i < 3 ? ((fraction >> (24 * i)) & 0xffffffu) << shift : 0);
    m[i] = carry & 0xffffffu;
  }
  for (int u = 9; u >= 0; u--) {
    column >>= 24;
    for (int j = 0; j < 4 && u + j < 10; j++) column += m[j] * inverse_pi[place + u + j];
    product[u] = column & 0xffffffu;
  }
  uint64_t up = half ? 0 : product[1] >> 23;
  product[1] -= half ? 0x800000u : up << 24;
  double first = (double)(int64_t)((product[1] << 24) + product[2]) * ${number(DIGIT_PAIRS[0])};
  double second = (double)(int64_t)((product[3] << 24) + product[4]) * ${number(DIGIT_PAIRS[1])};
  double third = (double)(int64_t)((product[5] << 24) + product[6]) * ${number(DIGIT_PAIRS[2])};
  double sum = first + second;
  double rest = ((first - sum) + second) + third;
  double high = sum + rest;
  double low = (sum - high) + rest;
  double main = high * ${number(pi)};
  double scaled = high * 134217729.0;
  double top = scaled - (scaled - high);
  double bottom = high - top;
  double error = (((top * ${number(piTop)} - main) + top * ${number(pi - piTop)}) + bottom * ${number(piTop)})
    + bottom * ${number(pi - piTop)};
  double tail = error + (high * ${number(piTail)} + low * ${number(pi)});
  double reduced = main + tail;
  double less = (reduced - main) - tail;
  *angle = (x < 0 ? -reduced : reduced) + (x - x);
  *lost = x < 0 ? -less : less;
  *parity = (int64_t)((product[0] + up) & 1);
}
`;
}

/** The same on the lanes of a vector where `large` is set. */
export function printLargeAngles({ name, signed, lanes }: VectorType): string {
  return `static __attribute__((noinline, cold)) void large_angles_${name}(
    ${name} x, ${name} large, int half, ${name} *angle, ${name} *lost, ${name} *parity) {
  ${signed} wanted = (${signed})large, odd = (${signed})*parity;
  for (int i = 0; i < ${lanes}; i++) {
    double a, l;
    int64_t p;
    if (wanted[i] == 0) continue;
    large_angle(x[i], half, &a, &l, &p);
    (*angle)[i] = a;
    (*lost)[i] = l;
    odd[i] = p;
  }
  *parity = (${name})odd;
}
`;
}
