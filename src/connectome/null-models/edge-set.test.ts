import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createEdgeSet } from "./edge-set.ts";

const operations = fc.array(
  fc.tuple(fc.constantFrom("add", "delete"), fc.nat(8), fc.nat(8)).filter(([, a, b]) => a !== b),
  { maxLength: 60 },
);

describe.each([
  ["bits", 100],
  ["hash set", 1],
])("createEdgeSet, %s", (_, mostBitNodes) => {
  it.each([true, false])("is a set of pairs, directed %s", (directed) => {
    fc.assert(
      fc.property(operations, (list) => {
        const edges = createEdgeSet(9, directed, mostBitNodes);
        const model = new Set<string>();
        const name = (a: number, b: number) => (directed || a < b ? `${a} ${b}` : `${b} ${a}`);
        for (const [what, a, b] of list) {
          if (what === "add") edges.add(a, b);
          else edges.delete(a, b);
          if (what === "add") model.add(name(a, b));
          else model.delete(name(a, b));
        }
        for (let a = 0; a < 9; a++)
          for (let b = 0; b < 9; b++) if (a !== b) expect(edges.has(a, b)).toBe(model.has(name(a, b)));
      }),
    );
  });
});
