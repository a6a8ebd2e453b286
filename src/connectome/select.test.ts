import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRng, dense } from "../core/index.ts";
import { createConnectome } from "./connectome.ts";
import { type NodeSelector, selectNodes } from "./select.ts";

const worm = createConnectome({
  name: "worm",
  weights: dense(6, 6),
  labels: ["ADAL", "ADAR", "AVAL", "AVAR", "DD1", "DD2"],
  types: ["inter", "inter", "command", "command", "motor", "motor"],
  attributes: { transmitter: ["glu", "glu", "ach", "ach", "gaba", "gaba"] },
});
const select = (selector: NodeSelector) => [...selectNodes(worm, selector, createRng(1))];

describe("selectNodes", () => {
  it.each<[NodeSelector, number[]]>([
    ["all", [0, 1, 2, 3, 4, 5]],
    [{ labels: ["DD1", "ADAR", "DD1"] }, [1, 4]],
    [{ types: ["motor", "inter"] }, [0, 1, 4, 5]],
    [{ attribute: "transmitter", values: ["gaba"] }, [4, 5]],
    [{ indices: [5, 0] }, [0, 5]],
    [{ indices: [] }, []],
    [{ not: { types: ["inter"] } }, [2, 3, 4, 5]],
    [{ not: "all" }, []],
    [{ and: [{ types: ["motor"] }, { not: { labels: ["DD2"] } }] }, [4]],
    [{ and: [] }, [0, 1, 2, 3, 4, 5]],
    [{ random: 6 }, [0, 1, 2, 3, 4, 5]],
    [{ random: 2, from: { types: ["command"] } }, [2, 3]],
    [{ random: 0 }, []],
  ])("%j", (selector, nodes) => {
    expect(select(selector)).toEqual(nodes);
  });

  it("draws ascending subsets of the asked size, the same from the same stream", () => {
    fc.assert(
      fc.property(fc.nat(6), fc.nat(), (random, seed) => {
        const draw = () => [...selectNodes(worm, { random }, createRng(seed).stream("x"))];
        const nodes = draw();
        expect(new Set(nodes).size).toBe(random);
        expect(nodes).toEqual([...nodes].sort((a, b) => a - b));
        expect(draw()).toEqual(nodes);
      }),
    );
  });

  it("draws every pair equally often", () => {
    const rng = createRng(3);
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const key = selectNodes(worm, { random: 2, from: { indices: [0, 1, 2, 3] } }, rng).join();
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    // Six pairs, 1000 each expected, standard deviation 29.
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  it.each<[unknown, string, string]>([
    [
      { labels: ["AVAM"] },
      "unknown-label",
      'nodes of "worm": unknown label "AVAM". Did you mean "AVAL"? Known here: ADAL, ADAR, AVAL, AVAR, DD1, DD2.',
    ],
    [
      { types: ["moto"] },
      "unknown-type",
      'nodes of "worm": unknown type "moto". Did you mean "motor"? Known here: inter, command, motor.',
    ],
    [
      { attribute: "transmiter", values: ["gaba"] },
      "unknown-attribute",
      'nodes of "worm": its nodes have no attribute "transmiter". Did you mean "transmitter"? Known here: transmitter.',
    ],
    [
      { attribute: "transmitter", values: ["GABA"] },
      "unknown-attribute-value",
      'nodes of "worm": unknown transmitter "GABA". Did you mean "gaba"? Known here: glu, ach, gaba.',
    ],
    [{ indices: [0, 6] }, "bad-index", 'nodes of "worm": there is no node 6. Indices are 0 … 5.'],
    [{ indices: [1.5] }, "bad-index", 'nodes of "worm": there is no node 1.5. Indices are 0 … 5.'],
    [
      { random: 3, from: { types: ["motor"] } },
      "too-many-nodes",
      'nodes of "worm": 3 random nodes are wanted, 2 are available. Lower random to 2 or widen from.',
    ],
    [
      { random: 0.5 },
      "bad-selector",
      'nodes of "worm": random must be a whole number of nodes, got 0.5. Give 0 … 6.',
    ],
    [
      { label: ["AVAL"] },
      "bad-selector",
      'nodes of "worm": nodes cannot be selected by "label". Did you mean "labels"? Known here: all, labels, types, attribute, indices, random, not, and.',
    ],
    [
      "al",
      "bad-selector",
      'nodes of "worm": nodes cannot be selected "al". Did you mean "all"? Known here: all, labels, types, attribute, indices, random, not, and.',
    ],
    [
      null,
      "bad-selector",
      'nodes of "worm": nodes cannot be selected null. Known here: all, labels, types, attribute, indices, random, not, and.',
    ],
    [
      { types: ["motor"], random: 1 },
      "bad-selector",
      'nodes of "worm": a selection by "types" cannot hold "random" too. Write { and: [ … ] } for nodes that meet several conditions.',
    ],
    [
      { labels: "AVAL" },
      "bad-selector",
      'nodes of "worm": "labels" must be a list. Write { labels: [ … ] }.',
    ],
    [
      { attribute: "transmitter" },
      "bad-selector",
      'nodes of "worm": "values" must be a list. Write { values: [ … ] }.',
    ],
  ])("refuses %j", (selector, code, message) => {
    expect(() => select(selector as NodeSelector)).toThrow(expect.objectContaining({ code, message }));
  });

  it("needs types and an rng only where they are used", () => {
    const plain = createConnectome({ name: "plain", weights: dense(2, 2) });
    expect([...selectNodes(plain, { labels: ["1"] })]).toEqual([1]);
    expect(() => selectNodes(plain, { types: ["x"] })).toThrow(
      'nodes of "plain": its nodes have no types. Select by labels or indices, or give types.',
    );
    expect(() => selectNodes(plain, { random: 1 })).toThrow(
      'nodes of "plain": a random selection needs an rng. Pass one as third argument.',
    );
  });

  it("keeps the list of known labels short", () => {
    const big = createConnectome({ name: "big", weights: dense(300, 300) });
    expect(() => selectNodes(big, { labels: ["x1"] })).toThrow(
      'Did you mean "11"? There are 300: 0, 1, 2, … 299.',
    );
  });
});
