import { describe, expect, it } from "vitest";
import { RunWords } from "./run-words.ts";

describe("RunWords", () => {
  it("shows connections over the run as far as it is, and the mean of the last looks at the activity", () => {
    const words = new RunWords(1200);
    expect(words.look(0, { fraction: 0.1, active: 0.2 })).toBe("10.0 % connected █ · 20.0 % active");
    words.look(150, { fraction: 0.05, active: 0.1 });
    expect(words.look(250, { fraction: 0.012, active: 0 })).toBe("1.2 % connected █▅▂ · 10.0 % active");
  });

  it("begins anywhere, and has a picture of a network without a connection", () => {
    expect(new RunWords(1200).look(1200, { fraction: 0, active: 0 })).toBe(
      "0.0 % connected ▁▁▁▁▁▁▁▁▁▁▁▁ · 0.0 % active",
    );
  });
});
