import { workplace } from "./cajal-process.ts";
import { describeStoppedRun } from "./stopped-run.ts";

/** A network that learns for a second or two, with every kind of record. */
const SORN = `kind: self-organisation
name: sorn
network: { preset: delpapa2017, units: 100 }
input: { source: counting, n: 3, unitsPerSymbol: 5 }
phases:
  - { name: organise, steps: 120000 }
  - { name: train, steps: 3000, freeze: all, readout: train }
  - { name: test, steps: 3000, freeze: all, readout: test }
record: { weights: 40000 }
analyses: [connections, rates, spikes, avalanches, weights, lifetimes, readout]
`;

describeStoppedRun("a network that organises itself, stopped while it learns", {
  place: workplace("organise"),
  command: ["run", "sorn.yaml"],
  experiment: SORN,
  job: "full.r0",
  position: /"step":(\d+)/,
  outputs: ["records/full.r0.npz"],
});
