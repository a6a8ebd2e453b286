/**
 * @file A short digest of bytes, to notice damage and difference; not against anyone who means harm.
 */

/** 64 bits that depend on every byte and its place, as 16 hexadecimal digits; the same on every machine. */
export function digest(bytes: Uint8Array): string {
  let a = 0x9e3779b9 ^ bytes.length;
  let b = 0x85ebca6b;
  const mix = (word: number) => {
    // Two multiplicative hashes of odd multipliers, each fed with the other's high bits.
    a = Math.imul(a ^ word ^ (b >>> 15), 0xcc9e2d51);
    b = Math.imul(b ^ word ^ (a >>> 17), 0x1b873593);
    a = (a << 13) | (a >>> 19);
  };
  const whole = bytes.length - (bytes.length % 4);
  for (let k = 0; k < whole; k += 4) {
    mix(bytes[k] | (bytes[k + 1] << 8) | (bytes[k + 2] << 16) | (bytes[k + 3] << 24));
  }
  for (let k = whole; k < bytes.length; k++) mix(bytes[k]);
  // Let the last words reach every digit.
  for (let k = 0; k < 4; k++) mix(k);
  return [a, b].map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}
