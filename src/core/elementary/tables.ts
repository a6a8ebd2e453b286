/**
 * @file Numbers behind the elementary functions in double precision, for the scalar functions here and for the vector
 * kernels of the compiler, which do the same operations in the same order and so give the same bits.
 * Polynomials are minimax fits (Remez exchange at 240 bits, leading coefficients rounded first), lowest power first.
 */

/** Polynomials; `z` is the square of the argument named. */
export const POLYNOMIALS = {
  /** (r coth(r/2) − 2) / z of r, |r| ≤ ln 2 / 2. Rest below 2^-58. */
  exponential: [
    0.1666666666666663, -0.0027777777777208213, 6.613756365570831e-5, -1.6533943153627348e-6,
    4.139468321814337e-8,
  ],
  /** (r coth r − 1) / z of r, 0 ≤ r ≤ ln 2 / 2. Rest below 2^-55. */
  tanh: [
    0.333333333333331, -0.0222222222216686, 0.0021164020808794597, -0.0002116392350323875,
    2.1364660635626147e-5, -2.0787634114856525e-6,
  ],
  /** (ln((1 + s) / (1 − s)) − 2 s) / (s z) of s, |s| ≤ 3 − 2√2. Rest below 2^-57 of the logarithm. */
  logarithm: [
    0.6666666666666691, 0.39999999999663965, 0.28571428692914674, 0.2222220320258077, 0.1818334173992635,
    0.15319373920472715, 0.14745770295857513,
  ],
  /** (3 ln((1 + s) / (1 − s)) / (2 s) − 3 − z) / z² of s, |s| ≤ 3 − 2√2. Rest below 2^-68 of the logarithm. */
  power: [
    0.5999999999999999, 0.4285714285715629, 0.33333333328744136, 0.27272728037660926, 0.23076851844945487,
    0.20003894721107948, 0.17523096703070704, 0.17899617945147986,
  ],
  /** (r − sin r) / (r z) of r, |r| ≤ π/2. Rest below 2^-59. */
  sine: [
    0.16666666666666666, -0.008333333333333153, 0.0001984126984118042, -2.75573192045912e-6,
    2.5052106169051675e-8, -1.6058900538656893e-10, 7.641900271459294e-13, -2.7091338711158792e-15,
  ],
  /** (arctan t − t) / (t z) of t, |t| ≤ √2 − 1. Rest below 2^-57. */
  arctangent: [
    -0.3333333333333331, 0.1999999999998168, -0.14285714282684955, 0.11111110894050148, -0.09090900608928279,
    0.07692106000010185, -0.06663576475365149, 0.058510235951178886, -0.05052228500480547,
    0.03836593617024173, -0.018210864100298093,
  ],
} as const;

/** Constants in parts: all but the last part are short enough for exact products with the numbers they meet. */
export const PARTS = {
  /** ln 2; first part 33 bits. */
  ln2: [0.6931471804855391, 7.440617110012397e-11],
  /** ln 2 / 2; first part 33 bits. */
  halfLn2: [0.34657359024276957, 3.7203085550061984e-11],
  /** ln 2; first part 26 bits. */
  ln2Short: [0.6931471675634384, 1.2996506893889889e-8],
  /** 2 / (3 ln 2); first part 26 bits. */
  twoThirdsLog2E: [0.9617966860532761, 7.872699542894897e-9],
  /** π; three parts of 33 bits, then the rest. */
  pi: [3.1415926534682512, 1.2154201012607932e-10, 4.044532497422333e-21, 1.69568553207378e-31],
  /** π, π/2 and π/4 as a rounded double and the rest. */
  piPair: [Math.PI, 1.2246467991473532e-16],
  halfPi: [Math.PI / 2, 6.123233995736766e-17],
  quarterPi: [Math.PI / 4, 3.061616997868383e-17],
} as const;

/** Below this |x| the sine and cosine reduce their argument by parts of π, above it by the digits of 1/π. */
export const ANGLE_LIMIT = 1647098;

/** 1/π after the binary point, 24 bits a digit, with three zeros before so that any exponent finds its digits. */
export const INVERSE_PI_DIGITS: readonly number[] = [
  0, 0, 0, 0x517cc1, 0xb72722, 0x0a94fe, 0x13abe8, 0xfa9a6e, 0xe06db1, 0x4acc9e, 0x21c820, 0xff28b1, 0xd5ef5d,
  0xe2b0db, 0x92371d, 0x2126e9, 0x700324, 0x977504, 0xe8c90e, 0x7f0ef5, 0x8e5894, 0xd39f74, 0x411afa,
  0x975da2, 0x4274ce, 0x38135a, 0x2fbf20, 0x9cc8eb, 0x1cc1a9, 0x9cfa4e, 0x422fc5, 0xdefc94, 0x1d8ffc,
  0x4bffef, 0x02cc07, 0xf79788, 0xc5ad05, 0x368fb6, 0x9b3f67, 0x93e584, 0xdba7a3, 0x1fb34f, 0x2ff516,
  0xba93dd, 0x63f5f2, 0xf8bd9e, 0x839cfb, 0xc52949, 0x7535fd, 0xafd88f, 0xc6ae84, 0x2b0198, 0x237e3d,
  0xb5d5f8, 0x67de10, 0x4d7a1b,
];

/** 2^-48, 2^-96 and 2^-144: what two digits, the next two and the next two are worth. */
export const DIGIT_PAIRS = [3.552713678800501e-15, 1.262177448353619e-29, 4.484155085839415e-44] as const;
