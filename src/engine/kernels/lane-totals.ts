/**
 * @file Sums of lanes as C: of several vectors at once, where the compiler can shuffle, halves of two vectors at a time.
 */

import { type VectorType, vectorType } from "../../compiler/index.ts";
import { printTotal } from "./fused-code.ts";

/** Name of what {@link printTotals} prints. */
export const totalsName = ({ name }: VectorType, count: number) => `add_${count}_totals_${name}`;

/**
 * `add_<count>_totals_<type>` (out, vectors …): adds the sums of the lanes of so many vectors, a power of two, to as
 * many numbers in a row. Printed once, whoever asks for it.
 */
export function printTotals(type: VectorType, count: number): string {
  const { name, scalar, lanes } = type;
  const own = totalsName(type, count);
  const parameters = Array.from({ length: count }, (_, e) => `${name} s${e}`).join(", ");
  const plain = Array.from({ length: count }, (_, e) => `out[${e}] += total_${name}(s${e});`).join(" ");
  const vectors = count * (scalar === "double" ? 8 : 4) >= 16 && lanes >= count;
  const body = vectors ? `#ifdef SHUFFLES\n${halving(type, count)}\n#else\n${plain}\n#endif` : plain;
  return `${printTotal(type)}#ifndef DEFINED_${own}
#define DEFINED_${own}
INLINE void ${own}(${scalar} *out, ${parameters}) {
${body}
}
#endif
`;
}

// Implementation

function halving({ name, lanes, precision, bytes }: VectorType, count: number): string {
  const lines: string[] = [];
  let vectors = Array.from({ length: count }, (_, e) => `s${e}`);
  // Each vector holds the lanes of `together` sums, one after another.
  let together = 1;
  const half = (second: number) => {
    const length = lanes / together;
    return Array.from({ length: 2 * together }, (_, sum) =>
      Array.from({ length: length / 2 }, (_, k) => sum * length + (second * length) / 2 + k),
    ).flat();
  };
  while (vectors.length > 1) {
    const next: string[] = [];
    for (let k = 0; k < vectors.length; k += 2) {
      const [a, b] = vectors.slice(k, k + 2);
      const sides = [0, 1].map((side) => `__builtin_shufflevector(${a}, ${b}, ${half(side).join(", ")})`);
      next.push(`${a}_${together}`);
      lines.push(`const ${name} ${a}_${together} = ${sides.join(" + ")};`);
    }
    vectors = next;
    together *= 2;
  }
  let [sum] = vectors;
  let type = { name, lanes, bytes: bytes as number };
  while (type.lanes > count) {
    const narrow = vectorType(precision, (type.bytes / 2) as 16 | 32);
    const sides = [0, 1].map((side) => {
      const list = Array.from({ length: narrow.lanes }, (_, k) => 2 * k + side);
      return `__builtin_shufflevector(${sum}, ${sum}, ${list.join(", ")})`;
    });
    lines.push(`const ${narrow.name} ${sum}_n = ${sides.join(" + ")};`);
    sum = `${sum}_n`;
    type = narrow;
  }
  lines.push(`*(${type.name}_at *)out += ${sum};`);
  return lines.join("\n");
}
