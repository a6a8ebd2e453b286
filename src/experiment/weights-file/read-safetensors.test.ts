import { expect, it } from "vitest";
import { encodeSafetensors } from "../../learning/index.ts";
import { readSafetensors } from "./read-safetensors.ts";

const whole = encodeSafetensors({ w: { shape: [2, 1], values: Float64Array.of(1, 2) } });

it("reads tensors, and says of a file what is wrong with it", () => {
  expect(readSafetensors(whole, "w.safetensors").w.values).toEqual(Float64Array.of(1, 2));
  const mend = "Name a whole safetensors file, such as a run has in its folder weights/.";
  for (const [bytes, what] of [
    [new Uint8Array(), "0 bytes are too few, a header has 8 or more"],
    [whole.slice(0, 20), /the header claims \d+ bytes, 12 follow/],
    [new TextEncoder().encode("kind: training"), /the header claims \d+ bytes, at most \d+ are allowed/],
  ] as const) {
    expect(() => readSafetensors(bytes, "w.safetensors")).toThrow(
      expect.objectContaining({
        name: "CajalError",
        where: "w.safetensors",
        what: typeof what === "string" ? what : expect.stringMatching(what),
        hint: mend,
      }),
    );
  }
});
