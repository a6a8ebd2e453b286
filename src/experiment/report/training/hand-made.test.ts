import { describe, expect, it } from "vitest";
import { dense } from "../../../core/index.ts";
import { formatNumber } from "../../../plot/index.ts";
import { gridFigures } from "./learning-curves.ts";
import { trainingInputFixture, trainingRecordFixture } from "./training-input.fixture.ts";
import { connectionTable } from "./training-tables.ts";

describe("connectionTable", () => {
  it("tells senders from receivers, and before from after", () => {
    // Two excitatory units and one inhibitory, w[post, pre].
    const best = dense(3, 3, [0, 1, -2, 3, 0, -4, 5, 6, 0]);
    const initial = { ...best, values: best.values.map((w) => 10 * w) };
    const record = trainingRecordFixture();
    const table = connectionTable({
      ...record,
      facts: { ...record.facts, areaNames: ["rec"] },
      signs: Float64Array.of(1, 1, -1),
      areas: new Float64Array(3),
      weights: { initial: { rec: initial }, last: { rec: best }, best: { rec: best } },
    });
    const text = String(table)
      .replaceAll(/<[^>]+>/g, " ")
      .replaceAll(/\s+/g, " ");
    const row = (name: string, ...numbers: number[]) =>
      expect(text).toContain(`${name} 100.0 % ${numbers.map((n) => formatNumber(n)).join(" ")}`);
    row("E → I", 55, 5.5, 110, 11);
    row("I → E", -30, -3, -30, -3);
    expect(text).toContain(`E → E 50.0 % ${formatNumber(20)} ${formatNumber(2)}`);
  });
});

describe("gridFigures", () => {
  it("shows each setting in its own place", async () => {
    const input = trainingInputFixture();
    const settings = input.settings.map((setting, k) => ({
      ...setting,
      runs: setting.runs.map((run) => ({ ...run, metrics: { minimumLoss: 0.11 * (k + 1) } })),
    }));
    const [figure] = await gridFigures({ ...input, settings });
    for (const k of settings.keys()) expect(figure.svg).toContain(`>${formatNumber(0.11 * (k + 1))}<`);
  });
});
