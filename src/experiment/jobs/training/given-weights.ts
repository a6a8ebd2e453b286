/**
 * @file Weights of files as options of a network: their shape, numbers and signs checked, their zeros
 * a mask where that is asked for.
 */

import { CajalError } from "../../../core/index.ts";
import { SYNAPSE, unitSigns, type WiringOptions } from "../../../learning/index.ts";
import {
  GIVEN_PROJECTIONS,
  type GivenProjection,
  type GivenWeightsChoice,
  type WeightsFileSource,
} from "../../spec/weights-file-schema.ts";
import type { TrainedFile } from "../../weights-file/read-trained-file.ts";
import type { FileWeights } from "../../weights-file/read-weights-file.ts";

/** What was read, by projection, and the file that gave all parts. */
export interface GivenWeights extends Partial<Record<GivenProjection, FileWeights>> {
  trained?: TrainedFile;
}

/** What a file of all parts gives. */
export const fromTrained = (file: TrainedFile): GivenWeights => ({ ...file.weights, trained: file });

/** The axes of each projection, by the words that messages have for them. */
const AXES = { in: ["unit", "input"], rec: ["post", "pre"], out: ["output", "unit"] } as const;

/**
 * The options with what the files give.
 *
 * @param options - Of the network, its signs and other masks included.
 * @param choice - `network.weights` of the experiment.
 * @param read.given - What was read; in a sketch, what was not is drawn.
 * @throws CajalError `weights-shape`, `nan-weights`, `sign-conflict`, `weights-off-mask`, `no-synapses`; `where` is the
 * path of the file's name in the experiment.
 */
export function withGivenWeights(
  options: WiringOptions,
  choice: GivenWeightsChoice,
  { given = {}, sketch }: { given: GivenWeights | undefined; sketch: boolean },
): WiringOptions {
  const out = { ...options, masks: { ...options.masks }, weights: { ...options.weights } };
  for (const name of GIVEN_PROJECTIONS) {
    const isWhole = choice.path !== undefined;
    const [source, file] = [isWhole ? WHOLE : choice[name], given[name]];
    if (!source || (!file && sketch)) continue;
    if (!file) throw new Error(`network.weights.${name} was not read`);
    const place: Place = { name, file, options, source };
    checkShape(place);
    checkFinite(place);
    const isMask = source.use === "mask";
    const exists = isMask || source.mask === true ? file.values : file.mask;
    const mask = exists && bothMasks(exists, options.masks?.[name]);
    if (mask && !mask.includes(1)) {
      const what = options.masks?.[name]
        ? "no synapse is left of it where the wiring allows some"
        : "it leaves no synapse at all";
      fail(place, "no-synapses", what, "Give other numbers than 0 where synapses are.");
    }
    if (mask) out.masks[name] = mask;
    if (isMask) continue;
    checkPlaces(place, mask);
    checkSigns(place);
    out.weights[name] = file.values;
    const held = isWhole ? heldOf(file) : undefined;
    if (held) out.fixed = { ...out.fixed, [name]: held };
  }
  return out;
}

// Implementation

interface Place {
  name: GivenProjection;
  file: FileWeights;
  options: WiringOptions;
  source: Pick<WeightsFileSource, "use" | "mask" | "orientation">;
}

/** How a file that gives all parts is read. */
const WHOLE: Place["source"] = { use: "weights", mask: "masks", orientation: "post-pre" };

function fail({ name, file, source }: Place, code: string, what: string, hint: string): never {
  const where = source === WHOLE ? "network.weights.path" : `network.weights.${name}.path`;
  throw new CajalError(`${file.name}: ${what}`, { code, where, hint });
}

/** Weights of synapses that are not trained, 0 elsewhere. */
function heldOf({ values, mask }: FileWeights): Float64Array | undefined {
  const held = mask?.map((kind, k) => (kind === SYNAPSE.fixed ? values[k] : 0));
  return held?.some((w) => w !== 0) ? held : undefined;
}

/** `w[unit 3, input 0]` */
function entry({ name, file }: Place, k: number): string {
  const [post, pre] = AXES[name];
  const columns = file.shape[1];
  return `w[${post} ${Math.floor(k / columns)}, ${pre} ${k % columns}]`;
}

function checkShape(place: Place): void {
  const { name, file, options, source } = place;
  const { inputs, units, outputs } = options;
  const wanted = { in: [units, inputs], rec: [units, units], out: [outputs, units] }[name];
  const { shape } = file;
  if (shape[0] === wanted[0] && shape[1] === wanted[1]) return;
  const what = `the weights have shape (${shape.join(", ")}), wanted (${AXES[name].join(", ")}) = (${wanted.join(", ")})`;
  const isTurned = shape[0] === wanted[1] && shape[1] === wanted[0];
  const hint = isTurned
    ? `They fit the other way round: say orientation: ${source.orientation === "post-pre" ? "pre-post" : "post-pre"}.`
    : name === "rec"
      ? shape[0] === shape[1]
        ? `They are those of ${shape[0]} units: say units: ${shape[0]}, or let the areas have as many.`
        : "Recurrent weights are square."
      : "Inputs and outputs are those of the task, units those of the network.";
  fail(place, "weights-shape", what, hint);
}

function checkFinite(place: Place): void {
  const { values } = place.file;
  const k = values.findIndex((w) => !Number.isFinite(w));
  if (k >= 0)
    fail(place, "nan-weights", `${entry(place, k)} is ${values[k]}`, "Write 0 where there is no synapse.");
}

function bothMasks(own: ArrayLike<number>, other: ArrayLike<number> | undefined): Uint8Array {
  return Uint8Array.from(own, (m, k) => (m !== 0 && other?.[k] !== 0 ? 1 : 0));
}

/** Weights other than 0 where no synapse can be. @param mask - From the file; undefined: that of the wiring. */
function checkPlaces(place: Place, mask: Uint8Array | undefined): void {
  const { name, file, options } = place;
  const allowed = mask ?? options.masks?.[name];
  const signs = unitSigns(options);
  // Where nothing else is said, only excitatory units are read out.
  const unread = (k: number) => !allowed && name === "out" && signs[k % options.units] < 0;
  const isSelf = (k: number) => name === "rec" && options.autapses === false && k % (options.units + 1) === 0;
  const isOff = (k: number) => unread(k) || isSelf(k) || allowed?.[k] === 0;
  const wrong = placesOf(file.values, (w, k) => w !== 0 && isOff(k));
  if (wrong.length === 0) return;
  const [k] = wrong;
  const first = `${entry(place, k)} is ${file.values[k]}`;
  if (isSelf(k)) {
    const hint = "Say autapses: true, or set the diagonal to 0.";
    fail(place, "weights-off-mask", `${first}, and no unit contacts itself${more(wrong)}`, hint);
  }
  if (unread(k)) {
    const what = `${first}, and under Dale's law only excitatory units are read out${more(wrong)}`;
    const hint = "Set it to 0, or say mask: true to read out the units whose weights are not 0.";
    fail(place, "sign-conflict", what, hint);
  }
  const where = name === "rec" ? "mask or areas" : "mask, nodes or areas";
  const hint = `Set it to 0, or let the ${where} of the experiment have a synapse there.`;
  fail(place, "weights-off-mask", `${first} where there is no synapse${more(wrong)}`, hint);
}

function checkSigns(place: Place): void {
  const { name, file, options } = place;
  if (options.dale === undefined) return;
  const signs = unitSigns(options);
  const signOf = (k: number) => (name === "in" ? 1 : signs[k % options.units]);
  const wrong = placesOf(file.values, (w, k) => w * signOf(k) < 0);
  if (wrong.length === 0) return;
  const [k] = wrong;
  const who =
    name === "in"
      ? "inputs excite"
      : `unit ${k % options.units} is ${signOf(k) > 0 ? "excitatory" : "inhibitory"}`;
  const what = `${entry(place, k)} is ${file.values[k]}, and under Dale's law ${who}${more(wrong)}`;
  const other = " Where the file has signs in another order, say dale: weights.";
  const hint = `Give it the sign of its sender, or leave network.dale out.${name === "rec" ? other : ""}`;
  fail(place, "sign-conflict", what, hint);
}

function placesOf(values: Float64Array, isWrong: (w: number, k: number) => boolean): number[] {
  return [...values.keys()].filter((k) => isWrong(values[k], k));
}

const more = ({ length }: readonly number[]): string => (length > 1 ? ` (and ${length - 1} more)` : "");
