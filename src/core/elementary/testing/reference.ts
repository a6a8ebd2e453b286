/**
 * @file The elementary functions to 100 bits and more, in whole numbers: Taylor series, halved arguments, Newton's
 * iteration. Slow, and with nothing in common with the functions that are tested against it.
 */

/** numerator / 2^bits. */
export interface Exact {
  numerator: bigint;
  bits: number;
}

/** Functions the reference knows; `pow` takes two arguments. */
export type ReferenceFunction = keyof typeof FUNCTIONS;

/** f(x, y) to at least 100 bits, for finite arguments in the domain of a function and a finite result. */
export function reference(name: ReferenceFunction, x: number, y = 0): Exact {
  return FUNCTIONS[name](x, y);
}

/**
 * |value − exact| in units of the last place that the exact result has in the format, subnormal numbers included.
 * An infinite value is right where the exact one is beyond the format, else it counts as the first power of 2 there.
 */
export function ulpError(
  value: number,
  { numerator, bits }: Exact,
  precision: "f64" | "f32" = "f64",
): number {
  if (numerator === 0n) return value === 0 ? 0 : Number.POSITIVE_INFINITY;
  if (Number.isNaN(value)) return Number.POSITIVE_INFINITY;
  const [fraction, smallest, top] = precision === "f64" ? [52, -1074, 1024] : [23, -149, 128];
  const exponent = bitLength(numerator) - 1 - bits;
  if (exponent >= top)
    return value === (numerator > 0n ? Infinity : -Infinity) ? 0 : Number.POSITIVE_INFINITY;
  const unit = Math.max(exponent - fraction, smallest);
  const got = Number.isFinite(value)
    ? exactOf(value)
    : { numerator: value > 0 ? 1n << BigInt(top) : -(1n << BigInt(top)), bits: 0 };
  const common = Math.max(bits, got.bits, 40 - unit);
  const difference = toBits(got, common) - toBits({ numerator, bits }, common);
  // In units of 2^-40 of the last place.
  const scaled = (difference < 0n ? -difference : difference) >> BigInt(common + unit - 40);
  return Number(scaled) / 2 ** 40;
}

/** A double as a fraction. */
export function exactOf(x: number): Exact {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  const pattern = view.getBigUint64(0);
  const field = Number((pattern >> 52n) & 0x7ffn);
  const fraction = pattern & 0xfffffffffffffn;
  const whole = field === 0 ? fraction : fraction | (1n << 52n);
  const bits = 1075 - Math.max(field, 1);
  const numerator = pattern >> 63n ? -whole : whole;
  return bits >= 0 ? { numerator, bits } : { numerator: numerator << BigInt(-bits), bits: 0 };
}

// Implementation

/** Bits after the point for results near 1. */
const BITS = 300;

const FUNCTIONS = {
  exp: (x: number) => exponential(fixed(x, BITS), BITS),
  expm1: (x: number) => {
    const bits = bitsFor(x);
    return minus(exponential(fixed(Math.max(x, -1000), bits), bits), 1n);
  },
  exprel: (x: number) => {
    if (x === 0) return { numerator: 1n, bits: 0 };
    return quotient(FUNCTIONS.expm1(x), exactOf(x));
  },
  sigmoid: (x: number) => {
    const power = exponential(fixed(x, BITS), BITS);
    return quotient(power, minus(power, -1n));
  },
  tanh: (x: number) => {
    const bits = bitsFor(x);
    const bounded = Math.max(-200, Math.min(x, 200));
    const square = exponential(2n * fixed(bounded, bits), bits);
    return quotient(minus(square, 1n), minus(square, -1n));
  },
  log: (x: number) => logarithm(exactOf(x), BITS, Math.log(x)),
  log1p: (x: number) => {
    const bits = bitsFor(x);
    return logarithm(minus(exactOf(x), -1n), bits, Math.log1p(x));
  },
  sin: (x: number) => sine(x, 0n),
  cos: (x: number) => sine(x, 1n),
  atan: (x: number) => {
    const bits = bitsFor(x);
    if (Math.abs(x) <= 1) return { numerator: arctangent(fixed(x, bits), bits), bits };
    const { numerator, bits: own } = exactOf(x);
    const inverse = (1n << BigInt(BITS + own)) / numerator;
    const quarter = x > 0 ? piBits(BITS) / 2n : -piBits(BITS) / 2n;
    return { numerator: quarter - arctangent(inverse, BITS), bits: BITS };
  },
  asin: (x: number) => {
    const bits = bitsFor(x);
    const value = fixed(x, bits);
    const one = 1n << BigInt(bits);
    const cosine = squareRoot(one * one - value * value);
    if (cosine === 0n) return { numerator: (x > 0 ? 1n : -1n) * (piBits(bits) / 2n), bits };
    return { numerator: arctangentOfRatio(value, cosine, bits), bits };
  },
  acos: (x: number) => {
    const value = fixed(x, BITS);
    const one = 1n << BigInt(BITS);
    const sine = squareRoot(one * one - value * value);
    const angle = value === 0n ? piBits(BITS) / 2n : arctangentOfRatio(sine, value, BITS);
    return { numerator: x < 0 ? angle + piBits(BITS) : angle, bits: BITS };
  },
  pow: (x: number, y: number) => {
    const { numerator, bits } = logarithm(exactOf(x), 2 * BITS, Math.log(x));
    const exponent = exactOf(y);
    const product = { numerator: numerator * exponent.numerator, bits: bits + exponent.bits };
    return exponential(toBits(product, BITS), BITS);
  },
};

/** Enough bits after the point for a result near x. */
function bitsFor(x: number): number {
  const { numerator, bits } = exactOf(x);
  return BITS + Math.max(0, bits - bitLength(numerator));
}

function fixed(x: number, bits: number): bigint {
  return toBits(exactOf(x), bits);
}

function toBits({ numerator, bits }: Exact, wanted: number): bigint {
  return wanted >= bits ? numerator << BigInt(wanted - bits) : numerator >> BigInt(bits - wanted);
}

function bitLength(n: bigint): number {
  return (n < 0n ? -n : n).toString(2).length;
}

/** a − whole. */
function minus({ numerator, bits }: Exact, whole: bigint): Exact {
  if (bits < 0) return { numerator: (numerator << BigInt(-bits)) - whole, bits: 0 };
  return { numerator: numerator - (whole << BigInt(bits)), bits };
}

/** a / b to 200 bits. */
function quotient(a: Exact, b: Exact): Exact {
  const shift = Math.max(0, bitLength(b.numerator) - bitLength(a.numerator)) + 200;
  return { numerator: (a.numerator << BigInt(shift)) / b.numerator, bits: a.bits - b.bits + shift };
}

/** e^(x / 2^bits). */
function exponential(x: bigint, bits: number): Exact {
  const guard = 40;
  const width = bits + guard;
  const ln2 = ln2Bits(width);
  const scaled = x << BigInt(guard);
  const k = (2n * scaled + ln2) / (2n * ln2) - (2n * scaled + ln2 < 0n ? 1n : 0n);
  // e^r = (e^(r / 2^16))^(2^16), the inner one by its Taylor series.
  const halvings = 16;
  const inner = BigInt(width + halvings);
  const r = scaled - k * ln2;
  let term = 1n << inner;
  let sum = term;
  for (let n = 1n; term !== 0n && n < 1000n; n++) {
    term = (term * r) / (n << inner);
    if (term === -1n) break;
    sum += term;
  }
  for (let i = 0; i < halvings; i++) sum = (sum * sum) >> inner;
  return { numerator: sum, bits: Number(inner) - Number(k) };
}

/** Natural logarithm by Newton's (Halley's) iteration on the exponential, from a double. */
function logarithm(x: Exact, bits: number, start: number): Exact {
  if (start === 0) return { numerator: 0n, bits };
  const width = bits + 40;
  let y = fixed(start, width);
  for (let round = 0; round < 8; round++) {
    const power = exponential(y, width);
    const common = Math.max(power.bits, x.bits);
    const [a, b] = [toBits(x, common), toBits(power, common)];
    const step = ((a - b) << BigInt(width + 1)) / (a + b);
    y += step;
    if (bitLength(step) < 40) break;
  }
  return { numerator: y, bits: width };
}

/** sin(x + quarters · π/2). */
function sine(x: number, quarters: bigint): Exact {
  const bits = bitsFor(x);
  // π to as many more bits as x has before the point.
  const width = bits + 1100;
  const half = piBits(width) / 2n;
  const value = toBits(exactOf(x), width);
  const shifted = value + half / 2n;
  const n = shifted >= 0n ? shifted / half : (shifted - half + 1n) / half;
  const r = (value - n * half) >> BigInt(width - bits);
  const quadrant = (((n + quarters) % 4n) + 4n) % 4n;
  const one = 1n << BigInt(bits);
  let term = quadrant % 2n === 0n ? r : one;
  let sum = 0n;
  const square = (r * r) >> BigInt(bits);
  for (let i = quadrant % 2n === 0n ? 2n : 1n; term !== 0n && term !== -1n; i += 2n) {
    sum += term;
    term = -((term * square) >> BigInt(bits)) / (i * (i + 1n));
  }
  return { numerator: quadrant < 2n ? sum : -sum, bits };
}

/** arctan of x / 2^bits, |x| ≤ 2^bits, with the argument halved four times. */
function arctangent(x: bigint, bits: number): bigint {
  const width = BigInt(bits + 40);
  const one = 1n << width;
  let t = x << 40n;
  for (let i = 0; i < 4; i++) t = (t << width) / (one + squareRoot(one * one + t * t));
  const square = (t * t) >> width;
  let sum = 0n;
  let power = t;
  for (let n = 1n; power !== 0n && power !== -1n; n += 2n) {
    sum += (n % 4n === 1n ? power : -power) / n;
    power = (power * square) >> width;
  }
  return (16n * sum) >> 40n;
}

/** arctan(a / b). */
function arctangentOfRatio(a: bigint, b: bigint, bits: number): bigint {
  const size = (n: bigint) => (n < 0n ? -n : n);
  if (size(a) <= size(b)) return arctangent((a << BigInt(bits)) / b, bits);
  const half = piBits(bits) / 2n;
  return (a < 0n === b < 0n ? half : -half) - arctangent((b << BigInt(bits)) / a, bits);
}

/** Whole square root, by Newton's iteration from above. */
function squareRoot(n: bigint): bigint {
  if (n <= 0n) return 0n;
  let root = 1n << BigInt((bitLength(n) >> 1) + 1);
  for (;;) {
    const next = (root + n / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

const cache = new Map<string, bigint>();

function cached(key: string, compute: () => bigint): bigint {
  const known = cache.get(key) ?? compute();
  cache.set(key, known);
  return known;
}

/** ln 2 = 18 artanh 1/26 − 2 artanh 1/4801 + 8 artanh 1/8749. */
function ln2Bits(bits: number): bigint {
  return cached(`ln2 ${bits}`, () => {
    const series = (n: bigint) => inverseSeries(n, bits + 20, 1n);
    return (18n * series(26n) - 2n * series(4801n) + 8n * series(8749n)) >> 20n;
  });
}

/** π = 16 arctan 1/5 − 4 arctan 1/239. */
function piBits(bits: number): bigint {
  return cached(`pi ${bits}`, () => {
    const series = (n: bigint) => inverseSeries(n, bits + 20, -1n);
    return (16n * series(5n) - 4n * series(239n)) >> 20n;
  });
}

/** Σ signⁱ / ((2 i + 1) n^(2 i + 1)): artanh 1/n for sign 1, arctan 1/n for −1. */
function inverseSeries(n: bigint, bits: number, sign: bigint): bigint {
  let power = (1n << BigInt(bits)) / n;
  let sum = 0n;
  for (let i = 1n, s = 1n; power > 0n; i += 2n, s *= sign) {
    sum += (s * power) / i;
    power /= n * n;
  }
  return sum;
}
