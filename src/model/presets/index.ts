export { delpapa2017 } from "./delpapa2017.ts";
export { hartmann2015 } from "./hartmann2015.ts";
export { lazar2009 } from "./lazar2009.ts";
export type { SornOptions } from "./options.ts";
export { type Sorn073Options, sorn073 } from "./sorn-0.7.3.ts";
export { type SornParts, sornNetwork } from "./sorn-network.ts";
export { drawTargetRates, type TargetRateSpread } from "./target-rates.ts";
export { zheng2013 } from "./zheng2013.ts";
