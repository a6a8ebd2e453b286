/**
 * @file Products with nothing as C: a network that starts at 0 has no sums in its first step.
 */

/**
 * The function `name` (x, bytes): whether all bits are 0. Bytes are a multiple of 16; mostly the first of them say no.
 */
export function printAllZero(name: string): string {
  return `static inline int ${name}(const char *x, size_t bytes) {
size_t at = 0;
for (; at + 512 <= bytes; at += 512) {
uint64_t any = 0;
for (size_t k = 0; k < 512; k += 8) {
uint64_t part;
memcpy(&part, x + at + k, 8);
any |= part;
}
if (any) return 0;
}
for (; at < bytes; at += 8) {
uint64_t part;
memcpy(&part, x + at, 8);
if (part) return 0;
}
return 1;
}
`;
}
