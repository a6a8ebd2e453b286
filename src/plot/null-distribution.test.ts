import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nullDistribution, swarm } from "./null-distribution.ts";
import { parseSvg } from "./parse-svg.fixture.ts";
import { COLOUR } from "./style.ts";

const nulls = Array.from({ length: 20 }, (_, i) => 10 + (i % 7) / 10);
const row = { title: "Each at its own best", empirical: 12.5, nulls, caption: "p = 0.048" };

describe("nullDistribution", () => {
  it("draws a dot for each null, the real value as a mark, title and caption", async () => {
    const figure = parseSvg(
      await nullDistribution({ label: "C. elegans", rows: [row] }, { xLabel: "Capacity" }),
    );
    expect(figure.count("circle")).toBe(20);
    expect(figure.count(`path[fill="${COLOUR.empirical}"]`)).toBe(1);
    expect(figure.texts).toEqual(
      expect.arrayContaining(["C. elegans 12.5", "Each at its own best", "p = 0.048", "Capacity"]),
    );
  });
  it("orders marks along the axis as their values", async () => {
    const figure = parseSvg(await nullDistribution({ label: "a", rows: [row] }, { xLabel: "x" }));
    const x = figure.all("circle").map((c) => Number(c.getAttribute("cx")));
    const order = (list: readonly number[]) => list.map((v) => list.filter((w) => w < v).length);
    expect(order(x)).toEqual(order(nulls));
    const diamond = figure.all(`path[fill="${COLOUR.empirical}"]`)[0].getAttribute("d") ?? "";
    expect(Number(/^M([\d.]+)/.exec(diamond)?.[1])).toBeGreaterThan(Math.max(...x));
  });
  it("grows by a strip for each row, shows bars, keeps a thousand dots inside", async () => {
    const many = {
      ...row,
      nulls: Array.from({ length: 1000 }, (_, i) => Math.sin(i * 12.9898)),
      bar: { low: -1, high: 1, middle: 0 },
    };
    const one = parseSvg(await nullDistribution({ label: "a", rows: [row] }, { xLabel: "x" }));
    const two = parseSvg(await nullDistribution({ label: "a", rows: [row, many] }, { xLabel: "x" }));
    expect(two.size[1]).toBeGreaterThan(one.size[1] + 50);
    const strip = two.all("rect").find((r) => r.getAttribute("fill-opacity"));
    const top = Number(strip?.getAttribute("y"));
    const height = Number(strip?.getAttribute("height"));
    for (const c of two.all("circle").slice(20)) {
      const y = Number(c.getAttribute("cy"));
      expect(y >= top && y <= top + height).toBe(true);
    }
  });
  it("survives no nulls, equal values and missing ones; same bytes twice", async () => {
    const rows = [
      { title: "<none>", empirical: 1, nulls: [] },
      { title: "equal", empirical: 1, nulls: [1, 1, 1] },
      { title: "missing", empirical: Number.NaN, nulls: [1, Number.NaN] },
    ];
    const draw = () => nullDistribution({ label: "a&b", rows }, { xLabel: "x" });
    const figure = parseSvg(await draw());
    expect(figure.count("circle")).toBe(4);
    expect(figure.texts).toContain("<none>");
    expect(await draw()).toBe(await draw());
  });
  it("refuses no rows", async () => {
    await expect(nullDistribution({ label: "a", rows: [] }, { xLabel: "x" })).rejects.toThrow(
      "nullDistribution: there is no comparison to draw",
    );
  });
});

describe("swarm", () => {
  it("lets no dot cover another", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 60, noNaN: true }), { maxLength: 40 }), (x) => {
        const y = swarm(x, 3);
        for (let i = 0; i < x.length; i++) {
          for (let j = 0; j < i; j++) {
            expect(Math.sqrt((x[i] - x[j]) ** 2 + (y[i] - y[j]) ** 2)).toBeGreaterThan(6);
          }
        }
      }),
    );
  });
  it("keeps dots with room on the line", () => {
    expect(swarm([0, 20, 40], 3)).toEqual([0, 0, 0]);
  });
});
