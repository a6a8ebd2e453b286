import { expect, it } from "vitest";
import type { JobSpec } from "../src/experiment/index.ts";
import { StepMeter } from "./step-meter.ts";

const job = (network: string, steps?: number) => ({ network, steps }) as JobSpec;

it("counts steps of running and ended jobs, and says how long the rest takes", () => {
  const meter = new StepMeter();
  const [a, b, c] = [job("full", 1000), job("full", 1000), job("no-ip", 2000)];
  meter.begin([a, b, c]);
  expect(meter.words(5)).toBe("0 % of 4000 steps");
  meter.progressed(a, 0);
  meter.progressed(a, 500);
  meter.progressed(b, 0);
  expect(meter.running("full")).toBe(0.5);
  expect(meter.running("no-ip")).toBe(0);
  // 500 steps in 5 s leave 3500 for 35 s.
  expect(meter.words(5)).toBe("12 % of 4000 steps · 100 steps/s · 35 s left");
  meter.ended(a);
  meter.progressed(b, 1000);
  meter.ended(b);
  expect(meter.words(20)).toBe("50 % of 4000 steps · 100 steps/s · 20 s left");
});

it("does not count what an earlier session did as speed", () => {
  const meter = new StepMeter();
  const a = job("full", 1000);
  meter.begin([a]);
  meter.progressed(a, 600);
  expect(meter.words(2)).toBe("60 % of 1000 steps");
  meter.progressed(a, 800);
  expect(meter.words(2)).toBe("80 % of 1000 steps · 100 steps/s · 2.0 s left");
});

it("is silent on jobs that count no steps", () => {
  const meter = new StepMeter();
  meter.begin([job("empirical")]);
  expect(meter.words(3)).toBeUndefined();
});
