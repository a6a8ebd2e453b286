import { describe, expect, it } from "vitest";
import { checkKeys } from "./check-keys.ts";

describe("checkKeys", () => {
  const known = ["updates", "optimiser", "clip"];
  const below = { optimiser: ["learningRate"], clip: ["norm"] };
  const said = (given: object) => {
    try {
      checkKeys(given, known, { where: "train", below });
      return "";
    } catch (error) {
      return (error as Error).message;
    }
  };

  it("takes what is known, and keys without a value", () => {
    expect(said({ updates: 1, clip: {}, lr: undefined })).toBe("");
  });

  it.each([
    [
      { updtes: 1 },
      'train: there is no option "updtes". Did you mean "updates"? Known here: updates, optimiser, clip.',
    ],
    [{ lr: 1 }, 'train: there is no option "lr". Known here: updates, optimiser, clip.'],
    [
      { learnigRate: 1 },
      'train: there is no option "learnigRate". Did you mean optimiser: { learningRate }?',
    ],
    [{ norm: 1 }, 'train: there is no option "norm". Did you mean clip: { norm }?'],
    [{ toString: 1 }, 'train: there is no option "toString". Known here: updates, optimiser, clip.'],
  ])("refuses %j", (given, message) => {
    expect(said(given)).toBe(message);
  });
});
