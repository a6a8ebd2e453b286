/**
 * @file Units with equations of their own in the words of a methods paragraph, and values that differ between units.
 */

import { formatExact } from "../../../plot/index.ts";
import { OWN_UNIT, ownNeuron } from "../../jobs/training/own-units.ts";
import type { PerUnitChoice } from "../../spec/own-unit-schema.ts";
import type { TrainingExperiment } from "../../spec/training-schema.ts";

/** `50`, `100 for E, 20 for I`, `10 to 90, one for each unit`. @param unit - Behind each number, e.g. ` ms`. */
export function valueWords(value: PerUnitChoice, unit = ""): string {
  const number = (one: number) => `${formatExact(one)}${unit}`;
  if (typeof value === "number") return number(value);
  if (Array.isArray(value)) {
    const [low, high] = [Math.min(...value), Math.max(...value)];
    return `${low === high ? number(low) : `${number(low)} to ${number(high)}`}, one for each unit`;
  }
  return Object.entries(value)
    .map(([name, one]) => `${number(one)} for ${name}`)
    .join(", ");
}

/** The equations, their values, what is read and what of them is trained; empty for another model. */
export function equationWords(
  network: TrainingExperiment["network"],
  varied: (path: string, value: string) => string,
): string {
  if (network.model !== "equations") return "";
  const { parameters = {}, read = "r", send = read, train = [], shared = [], bounds = {} } = network;
  const own = ownNeuron(network);
  const lines = own.equations
    .split("\n")
    .map((line) => line.replace(/#.*/, "").trim())
    .filter((line) => line !== "");
  const values = Object.keys(own.parameters).map((name) => {
    const value = valueWords(parameters[name] ?? own.parameters[name]);
    return `${name} = ${varied(`network.parameters.${name}`, value)}`;
  });
  const trained = train.filter((name) => Object.hasOwn(own.parameters, name));
  const learnt = trained.map((name) => {
    const range = bounds[name] ? ` within ${bounds[name].map(formatExact).join(" … ")}` : "";
    return `${name}${range}${shared.includes(name) ? " (one value for all units)" : ""}`;
  });
  const sentences = [
    `Each unit obeyed ${varied("network.equations", lines.join("; "))}${values.length > 0 ? `, with ${values.join("; ")}` : ""}${own.name === OWN_UNIT ? "" : ` (${own.name})`}.`,
    `${read} was read out${send === read ? " and sent to other units" : `, ${send} was sent to other units`}.`,
    learnt.length > 0 &&
      `Of the parameters, ${learnt.join(", ")} ${learnt.length > 1 ? "were" : "was"} trained${trained.some((name) => shared.includes(name)) ? "" : ", one value for each unit"}.`,
  ];
  return sentences.filter((sentence) => sentence !== false).join(" ");
}
