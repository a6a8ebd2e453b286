/** @file LEB128, the variable-length whole numbers of the WebAssembly binary format: 7 bits a byte, lowest first. */

/** Bytes of an unsigned whole number, 0 ≤ n < 2^32. */
export function unsignedLeb128(n: number): number[] {
  const bytes: number[] = [];
  let rest = n >>> 0;
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  bytes.push(rest);
  return bytes;
}

/** Bytes of a signed 32-bit whole number; an unsigned one is taken by its bits. */
export function signedLeb128(n: number): number[] {
  const bytes: number[] = [];
  let rest = n | 0;
  // The last byte's bit 6 is the sign of all that follows.
  while (rest > 0x3f || rest < -0x40) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>= 7;
  }
  bytes.push(rest & 0x7f);
  return bytes;
}

/** Bytes of a signed 64-bit whole number; an unsigned one is taken by its bits. */
export function signedLeb128Of64(n: bigint): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asIntN(64, n);
  while (rest > 0x3fn || rest < -0x40n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest & 0x7fn));
  return bytes;
}
