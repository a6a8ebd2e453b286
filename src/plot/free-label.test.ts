import { describe, expect, it } from "vitest";
import { freeLabel, levelPlaces, topPlaces } from "./free-label.ts";
import type { Plane } from "./plane.ts";

const plane: Plane = {
  markup: "",
  x: (v) => v,
  y: (v) => 100 - v,
  frame: { left: 0, right: 200, top: 0, bottom: 100 },
  xDomain: [0, 200],
  yDomain: [0, 100],
};
const flat = (from: number, to: number, y: number) => ({ x: [from, to], y: [y, y] });

describe("freeLabel", () => {
  it("takes the first place where nothing lies", () => {
    const { box } = freeLabel(plane, "target", { places: levelPlaces(plane, 50), curves: [] });
    expect(box.right).toBe(197);
    expect(box.bottom).toBeLessThan(50);
  });
  it("goes below a line whose upper side is taken, and to the left where the right is full", () => {
    const places = levelPlaces(plane, 50);
    const below = freeLabel(plane, "target", { places, curves: [flat(150, 200, 55)] });
    expect(below.box.top).toBeGreaterThan(50);
    const left = freeLabel(plane, "target", { places, curves: [flat(150, 200, 55), flat(150, 200, 45)] });
    expect(left.box.right).toBeLessThan(150);
    // A piece that crosses a label has no corner inside it.
    const steep = freeLabel(plane, "target", { places, curves: [{ x: [180, 181], y: [0, 100] }] });
    expect(steep.box.right).toBeLessThan(180);
  });
  it("covers curves rather than other words", () => {
    const curves = Array.from({ length: 20 }, (_, k) => flat(0, 200, 5 * k));
    const taken = [{ left: 0, right: 200, top: 0, bottom: 25 }];
    const { box } = freeLabel(plane, "words", { places: topPlaces(plane), curves, taken });
    expect(box.top).toBeGreaterThan(25);
  });
  it("keeps names of a line at the edge inside the axes", () => {
    for (const { y } of levelPlaces(plane, 99)) expect(y).toBeGreaterThan(5);
    for (const { y } of levelPlaces(plane, 1)) expect(y).toBeLessThan(99);
  });
});
