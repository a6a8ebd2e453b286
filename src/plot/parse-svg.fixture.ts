/**
 * @file Reading a figure back in tests.
 */

import { parseHTML } from "linkedom";
import { expect } from "vitest";

/** The figure as a document, after checking what every figure must be: whole, self-contained, free of NaN. */
export function parseSvg(svg: string) {
  expect(svg).toMatch(
    /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="[\d.]+cm" height="[\d.]+cm" viewBox="0 0 /,
  );
  expect(svg).not.toMatch(/NaN|undefined|Infinity|currentColor|var\(|<script|<style|<foreignObject/);
  // Plot puts this mark into a figure it has warned about.
  expect(svg).not.toContain("⚠");
  for (const [, target] of svg.matchAll(/(?:href|src|url)\s*[=(]\s*"?([^")]*)/g))
    expect(target).toMatch(/^data:/);
  const { document } = parseHTML(`<html><body>${svg}</body></html>`);
  const all = (selector: string) => Array.from(document.querySelectorAll(selector));
  return {
    all,
    texts: all("text").map((t) => t.textContent ?? ""),
    count: (selector: string) => all(selector).length,
    /** Paths of a line mark with their stroke. */
    lines: all('g[aria-label="line"]').map((g) => ({
      stroke: g.getAttribute("stroke"),
      d: g.querySelector("path")?.getAttribute("d") ?? "",
    })),
    size: (document.querySelector("svg")?.getAttribute("viewBox") ?? "").split(" ").slice(2).map(Number),
  };
}

/** Coordinates of a path of straight pieces. */
export function points(d: string): [number, number][] {
  return [...d.matchAll(/[ML](-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
}
