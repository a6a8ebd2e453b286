import { describe, expect, it } from "vitest";
import { denseFromRows, toSparse } from "../../src/core/index.ts";
import { simulate } from "../../src/engine/index.ts";
import { input, leakyEchoState, network, population, projection } from "../../src/model/index.ts";
import { golden, hasGolden, worst } from "./golden.ts";

interface EsnCase {
  activation: string;
  leak_rate: number | null;
  ic: boolean;
  kwargs: Record<string, number>;
  states: number[][];
}
interface Conn2resFile {
  esn: { W: number[][]; Win: number[][]; u: number[][]; ic: number[]; cases: EsnCase[] };
}

/** Its README states 1e-9 relative. */
const TOLERANCE = 1e-9;
/** Their names of activations and parameters, and ours. */
const OURS: Record<string, string> = {
  leaky_relu: "leaky-relu",
  m: "slope",
  thr: "threshold",
  vmin: "low",
  vmax: "high",
};
const ours = (name: string) => OURS[name] ?? name;

const transposed = (w: number[][]) => w[0].map((_, j) => w.map((row) => row[j]));

describe.skipIf(!hasGolden)("golden numbers of conn2res: echo-state network", () => {
  const { esn } = hasGolden
    ? golden<Conn2resFile>("conn2res_ref.json")
    : { esn: { cases: [] as EsnCase[] } as Conn2resFile["esn"] };
  const cases = esn.cases.map(
    (c) => [`${c.activation} leak ${c.leak_rate} ${JSON.stringify(c.kwargs)} ic ${c.ic}`, c] as const,
  );

  for (const backend of ["wasm", "interpret"] as const) {
    for (const sparse of [false, true]) {
      it.each(cases)(`${backend}, ${sparse ? "sparse" : "dense"}: %s`, (_, c) => {
        // conn2res writes w[source, target]; here rows are post.
        const w = denseFromRows(transposed(esn.W));
        const neuron = leakyEchoState({
          activation: ours(c.activation),
          leakRate: c.leak_rate ?? 1,
          parameters: Object.fromEntries(Object.entries(c.kwargs).map(([k, v]) => [ours(k), v])),
        });
        const size = esn.W.length;
        const net = network({
          populations: [population("res", { size, neuron, initial: c.ic ? { r: esn.ic } : {} })],
          inputs: [input("u", esn.u[0].length)],
          projections: [
            projection("u", "res", { target: "in", weights: denseFromRows(transposed(esn.Win)) }),
            projection("res", "res", { target: "rec", weights: sparse ? toSparse(w) : w }),
          ],
        });
        const run = simulate(net, { backend });
        const states = run.monitor("res.r");
        run.run(esn.u.length, { inputs: { u: esn.u.flat() } });
        expect(worst(states.data().values, c.states.flat(), TOLERANCE)).toBeLessThanOrEqual(1);
      });
    }
  }
});
