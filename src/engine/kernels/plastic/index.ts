export { addNormaliseIncoming, addNormaliseOutgoing } from "./normalise.ts";
export { addPrune } from "./prune.ts";
export { addScatter } from "./scatter.ts";
export { addSynapticUpdate } from "./synaptic.ts";
