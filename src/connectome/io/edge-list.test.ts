import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toDense } from "../../core/index.ts";
import { readEdgeList } from "./edge-list.ts";

/** Edges as "source>target:weight", in storage order. */
function edges(text: string, options = {}): string[] {
  const { weights, labels } = readEdgeList(text, options);
  const out: string[] = [];
  for (let post = 0; post < weights.rows; post++)
    for (let k = weights.rowStart[post]; k < weights.rowStart[post + 1]; k++)
      out.push(`${labels[weights.column[k]]}>${labels[post]}:${weights.values[k]}`);
  return out.sort();
}

describe("readEdgeList", () => {
  it("puts targets in rows", () => {
    const { weights, labels } = readEdgeList("AVA,AVB,3\n");
    expect(labels).toEqual(["AVA", "AVB"]);
    expect([...toDense(weights).values]).toEqual([0, 0, 3, 0]);
  });

  it.each([
    ["no header, blanks", "a b 2\nb a -1.5", ["a>b:2", "b>a:-1.5"]],
    ["no weights", "a;b\nb;c", ["a>b:1", "b>c:1"]],
    ["header", "source\ttarget\tweight\na\tb\t2", ["a>b:2"]],
    ["header in another order, further columns", "Synapses,Post,Type,Pre\n4,b,chem,a", ["a>b:4"]],
    ["header without weight", "from,to\na,b", ["a>b:1"]],
    ["a self-loop", "a,a,2", ["a>a:2"]],
    ["labels with blanks", '"left A", "right B" ,1', ["left A>right B:1"]],
  ])("%s", (_, text, expected) => {
    expect(edges(text)).toEqual(expected);
  });

  it("orders numbers by size and names by first use", () => {
    expect(readEdgeList("10 9\n2 10").labels).toEqual(["2", "9", "10"]);
    expect(readEdgeList("10 b\n2 10").labels).toEqual(["10", "b", "2"]);
  });

  it("keeps nodes whose only edge has weight 0", () => {
    expect(readEdgeList("a,b,0").labels).toEqual(["a", "b"]);
  });

  it("takes columns by name, and a header by request", () => {
    const text = "n1,n2,kind,n\na,b,x,2";
    expect(edges(text, { columns: { source: "n2", target: "n1", weight: "n" } })).toEqual(["b>a:2"]);
    expect(edges(text, { columns: { source: "n1", target: "n2" } })).toEqual(["a>b:1"]);
    expect(edges("area,region,fln\na,b,2", { header: true })).toEqual(["a>b:2"]);
  });

  it("adds duplicates on request", () => {
    expect(edges("a,b,1\na,b,2.5\nb,a,1", { duplicates: "sum" })).toEqual(["a>b:3.5", "b>a:1"]);
  });

  it("mirrors undirected links, self-loops once", () => {
    expect(edges("a,b,2\na,a,1", { directed: false })).toEqual(["a>a:1", "a>b:2", "b>a:2"]);
  });

  it("counts along given labels", () => {
    const labels = ["a", "b", "c"];
    expect(edges("0 2", { labels })).toEqual(["a>c:1"]);
    expect(edges("1 3", { labels })).toEqual(["a>c:1"]);
    expect(edges("1 2", { labels, indexBase: 1 })).toEqual(["a>b:1"]);
    expect(edges("c a", { labels })).toEqual(["c>a:1"]);
    expect(readEdgeList("c a", { labels }).labels).toEqual(labels);
    expect(edges("2 1", { labels: ["2", "1"] })).toEqual(["2>1:1"]);
  });

  const labels = ["AVAL", "AVAR", "AVBL"];
  it.each([
    [
      "a,b,1\nc,d,1\na,b,2",
      {},
      "edge-list-duplicate",
      'e:3:1: the edge a → b was listed on line 1 already. Remove one, or pass duplicates: "sum" to add their weights.',
    ],
    [
      "a,b,1\nb,a,1",
      { directed: false },
      "edge-list-duplicate",
      'e:2:1: the edge b → a was listed on line 1 already. Remove one, or pass duplicates: "sum" to add their weights; if both directions are listed, pass directed: true.',
    ],
    [
      "a,b,1\nc,d",
      {},
      "csv-ragged",
      "e:2:3: the row has 2 cells, the first row has 3. Give every row source, target and, if there are weights, weight.",
    ],
    [
      "a,b,1\nc,d,x",
      {},
      "csv-not-a-number",
      'e:2:5: cell 3 is not a number, got "x". Give every edge a finite weight; leave out edges that are not there.',
    ],
    [
      "a,b,1\nc,d,NaN",
      {},
      "nan-weights",
      "e:2:5: cell 3 is NaN. Give every edge a finite weight; leave out edges that are not there.",
    ],
    [
      "area,region,fln\na,b,1",
      {},
      "csv-not-a-number",
      'e:1:13: the weight is "fln", not a number. If the first row names the columns, pass header: true or call them source, target, weight.',
    ],
    [
      "a,b,1,2\nc,d,1,2",
      {},
      "edge-list-columns",
      'e:1:1: the rows have 4 cells, not 2 or 3. Name them: columns: { source: "…", target: "…", weight: "…" }.',
    ],
    [
      "source,target,type\na,b,x",
      {},
      "edge-list-columns",
      'e:1:1: no column is called weight. Name them: columns: { source: "…", target: "…", weight: "…" }.',
    ],
    [
      "n1,n2\na,b",
      { columns: { source: "n1", target: "n3" } },
      "edge-list-columns",
      'e:1:1: there is no column "n3". Did you mean "n1"? Known here: n1, n2.',
    ],
    ["a,,1", {}, "edge-list-blank-node", "e:1:3: a node has no name. Give both ends of every edge."],
    [
      "AVAL,AVAM,1",
      { labels },
      "unknown-label",
      'e:1:6: unknown node "AVAM". Did you mean "AVAL"? Known here: AVAL, AVAR, AVBL.',
    ],
    [
      "1,2",
      { labels },
      "edge-list-index-base",
      "e: nodes are numbers, and it cannot be told whether the first is 0 or 1. Pass indexBase: 0 or indexBase: 1.",
    ],
    [
      "0,3",
      { labels },
      "unknown-label",
      "e:1:3: node 3 is not one of 0 … 2. 3 labels are given; numbers start at 0.",
    ],
  ])("refuses %j", (text, options, code, message) => {
    expect(() => readEdgeList(text, { name: "e", ...options })).toThrow(
      expect.objectContaining({ code, message }),
    );
  });

  it("reads back any set of edges", () => {
    const pair = fc.record({
      from: fc.nat(6),
      to: fc.nat(6),
      weight: fc.double({ noNaN: true, noDefaultInfinity: true }),
    });
    const set = fc.uniqueArray(pair, { selector: (e) => `${e.from} ${e.to}`, minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(set, fc.constantFrom(",", ";", "\t", " "), fc.boolean(), (list, mark, header) => {
        const lines = list.map((e) => [`n${e.from}`, `n${e.to}`, String(e.weight)].join(mark));
        if (header) lines.unshift(["source", "target", "weight"].join(mark));
        expect(edges(lines.join("\r\n"))).toEqual(list.map((e) => `n${e.from}>n${e.to}:${e.weight}`).sort());
      }),
    );
  });
});
