import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CajalError } from "../../core/index.ts";
import { readLabels } from "./labels.ts";
import { numpyFile } from "./numpy-files.fixture.ts";
import { readConnectome } from "./read-connectome.ts";

/** Whatever the bytes, a reader answers or throws CajalError: no other error, no hang, no giant allocation. */
function onlyCajalErrors(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof CajalError)) throw error;
    expect(error.code).toMatch(/^[a-z-]+$/);
    expect(error.message.length).toBeLessThan(2000);
  }
}

const FORMATS = [undefined, "npy", "npz", "csv", "tsv", "edge-list"] as const;
const encode = (s: string) => new TextEncoder().encode(s);
const SEEDS: Uint8Array[] = [
  ...(["f8", "f4BigEndianFortran", "version3", "i8Stack", "objects", "structured"] as const).map(numpyFile),
  ...(["savez", "savezCompressed", "scipySparse"] as const).map(numpyFile),
  encode(",V1,24c,10\nV1,0,1,2\n24c,3,0,4\n10,5,6,0\n"),
  encode('"a b" 1.5\n# x\n2 3\n'),
  encode("source;target;weight\na;b;1\nb;c;2\n"),
  encode("1 2\n2 3\n3 1\n"),
  Uint8Array.of(0x80, 3, 0x5d, 0x71, 0, 0x28, 0x58, 1, 0, 0, 0, 0x61, 0x71, 1, 0x65, 0x2e),
];

/** A valid file with bytes changed, a slice cut out, or a slice repeated. */
const mutated = fc
  .tuple(
    fc.constantFrom(...SEEDS),
    fc.array(
      fc.tuple(fc.nat(), fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0, 255, 127, 128))),
      { maxLength: 8 },
    ),
    fc.option(fc.tuple(fc.nat(), fc.nat(64), fc.boolean())),
  )
  .map(([seed, changes, slice]) => {
    let bytes = seed.slice();
    for (const [at, value] of changes) bytes[at % bytes.length] = value;
    if (slice) {
      const [at, length, repeat] = slice;
      const start = at % bytes.length;
      const rest = bytes.subarray(repeat ? start : start + length);
      bytes = Uint8Array.from([...bytes.subarray(0, repeat ? start + length : start), ...rest]);
    }
    return bytes;
  });

describe("readers of hostile bytes", () => {
  it("random bytes, every format", () => {
    const prefix = fc.constantFrom(
      [],
      [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0],
      [0x50, 0x4b, 3, 4],
      [0x80, 3],
    );
    fc.assert(
      fc.property(
        prefix,
        fc.uint8Array({ maxLength: 200 }),
        fc.constantFrom(...FORMATS),
        (start, rest, format) => {
          const bytes = Uint8Array.from([...start, ...rest]);
          onlyCajalErrors(() => readConnectome(bytes, { name: "f", format }));
          onlyCajalErrors(() => readLabels(bytes));
        },
      ),
      { numRuns: 1000 },
    );
  });

  it("damaged files", () => {
    fc.assert(
      fc.property(mutated, fc.constantFrom(...FORMATS), (bytes, format) => {
        onlyCajalErrors(() => readConnectome(bytes, { name: "f", format: undefined }));
        onlyCajalErrors(() => readConnectome(bytes, { name: "f", format, maxBytes: 1e6 }));
        onlyCajalErrors(() => readLabels(bytes));
      }),
      { numRuns: 2000 },
    );
  });

  it("random text of the characters that matter", () => {
    const soup = fc.string({ unit: fc.constantFrom(..."01 9.,;\t\n\r\"'#%-+eNaIxAB\u00e9"), maxLength: 60 });
    const options = fc.record({
      header: fc.option(fc.boolean(), { nil: undefined }),
      labelColumn: fc.option(fc.boolean(), { nil: undefined }),
      diagonal: fc.constantFrom("keep" as const, "zero" as const),
      duplicates: fc.constantFrom("error" as const, "sum" as const),
      separator: fc.constantFrom(undefined, "," as const, ";" as const, "\t" as const, " " as const),
      directed: fc.option(fc.boolean(), { nil: undefined }),
      labels: fc.option(fc.constant(["A", "B", "1"]), { nil: undefined }),
    });
    fc.assert(
      fc.property(soup, options, fc.constantFrom(...FORMATS), (text, more, format) => {
        onlyCajalErrors(() => readConnectome(encode(text), { name: "f", format, ...more }));
      }),
      { numRuns: 3000 },
    );
  });
});
