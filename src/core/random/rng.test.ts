import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRng, createStream, streamKey } from "./rng.ts";

/** The first 8 bytes of a name's SHA-256, by another implementation. */
function keyOf(name: string): number[] {
  const digest = createHash("sha256").update(name, "utf8").digest();
  return [digest.readUInt32LE(0), digest.readUInt32LE(4)];
}

describe("streamKey", () => {
  it("is the beginning of the name's SHA-256", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300, unit: "grapheme" }), (name) => {
        expect([...streamKey(name)]).toEqual(keyOf(name));
      }),
    );
  });

  it.each([0, 1, 55, 56, 63, 64, 65, 85, 86, 255, 256, 257, 1000])("of %i characters", (length) => {
    for (const character of ["a", "é", "∂"]) {
      const name = character.repeat(length);
      expect([...streamKey(name)]).toEqual(keyOf(name));
    }
  });

  it("does not depend on what was asked for before", () => {
    const first = [...streamKey("7/trials/1")];
    streamKey("7/a longer name than the one before it");
    expect([...streamKey("7/trials/1")]).toEqual(first);
  });
});

describe("createRng", () => {
  it("opens the same stream by name, wherever its parent stands", () => {
    const rng = createRng(7);
    const before = rng.stream("trials").stream(3).uniform();
    rng.uniform();
    expect(rng.stream("trials").stream(3).uniform()).toBe(before);
    expect(createStream("7/trials/3").uniform()).toBe(before);
  });

  it("keeps streams apart that are drawn from in turn", () => {
    const [a, b] = [createStream("a"), createStream("b")];
    const alone = Array.from({ length: 9 }, () => a.uniform());
    const again = createStream("a");
    const mixed = alone.map(() => {
      b.uniform();
      return again.uniform();
    });
    expect(mixed).toEqual(alone);
  });
});
