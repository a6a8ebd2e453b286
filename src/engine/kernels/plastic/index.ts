export { addNormaliseIncoming } from "./normalise.ts";
export { addNormaliseOutgoing } from "./normalise-outgoing.ts";
export { addPrune } from "./prune.ts";
export { addScatter } from "./scatter.ts";
export { addSynapticUpdate } from "./synaptic.ts";
