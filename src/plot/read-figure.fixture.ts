/**
 * @file Reading a figure of self-organisation back in tests: marks by the name of their group.
 */

import { expect } from "vitest";
import { parseSvg } from "./parse-svg.fixture.ts";

/** A label that would break out of careless markup. */
export const HOSTILE = `</text><script>alert("&'")</script>`;

/** A parsed figure; what every figure of this folder must have is checked on the way. */
export function readFigure(svg: string) {
  const figure = parseSvg(svg);
  expect(figure.count("title")).toBe(1);
  expect(figure.count("desc")).toBe(1);
  expect(figure.count("script")).toBe(0);
  const [width, height] = figure.size;
  for (const t of figure.all("text")) {
    const [x, y] = [Number(t.getAttribute("x") ?? 0), Number(t.getAttribute("y")?.replace("em", "") ?? 0)];
    expect(x >= 0 && x <= width && y >= 0 && y <= height).toBe(true);
  }
  return {
    ...figure,
    description: figure.all("desc")[0].textContent ?? "",
    /** `d` of all paths in groups of a name. */
    paths: (name: string) => figure.all(`g[aria-label="${name}"] path`).map((p) => p.getAttribute("d") ?? ""),
  };
}

/** Number of pieces of a path, which is that of its dots or bars. */
export function pieces(d: string): number {
  return d.match(/M/g)?.length ?? 0;
}
