/**
 * @file Load a shipped connectome by name. Opens nothing itself: the caller passes a function that reads a file of
 * the package's folder `data` (from disk in Node, by fetch in a browser).
 */

import { CajalError, sparseFromEntries, suggest } from "../../core/index.ts";
import { type Connectome, createConnectome } from "../connectome.ts";
import { type CatalogEntry, catalogEntry, type Synapses } from "./catalog.ts";
import { type ConnectomeData, type ConnectomeLayer, parseConnectomeData } from "./data-file.ts";

/** Choices of {@link loadConnectome}. */
export interface LoadConnectomeOptions {
  /** Bytes of a file, its path given relative to the package's folder `data`. */
  read: (path: string) => Promise<Uint8Array>;
  /** Which connections count, default `both`: the sum of chemical (directed) and gap (symmetric) weights. */
  synapses?: Synapses;
}

const LAYERS: Readonly<Record<Synapses, readonly string[]>> = {
  chemical: ["chemical"],
  gap: ["gap"],
  both: ["chemical", "gap"],
};

/**
 * A connectome that ships with Cajal, by its name in {@link connectomeCatalog}. All neurons of the source are kept,
 * connected or not, and so are self-connections; node types are the functional classes.
 *
 * @param name - E.g. `celegans`.
 * @returns Weights `w[post, pre]`, shape `(post, pre)`, in the unit of the catalogue's entry.
 * @throws CajalError `unknown-connectome`, `unknown-synapses`, `unreadable-connectome-file`, `bad-connectome-file`.
 * @example const worm = await loadConnectome("celegans", { read: (path) => readFile(`data/${path}`) })
 */
export async function loadConnectome(name: string, options: LoadConnectomeOptions): Promise<Connectome> {
  const entry = catalogEntry(name);
  const { read, synapses = "both" } = options;
  if (!Object.hasOwn(LAYERS, synapses)) {
    throw new CajalError(`no synapses called "${synapses}"`, {
      code: "unknown-synapses",
      where: `connectome "${name}"`,
      hint: suggest(String(synapses), Object.keys(LAYERS)),
    });
  }
  const data = parseConnectomeData(await readBytes(entry, read), entry.path);
  return assemble(data, entry, synapses);
}

// Implementation

async function readBytes(entry: CatalogEntry, read: LoadConnectomeOptions["read"]): Promise<Uint8Array> {
  try {
    return await read(entry.path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CajalError(`data file ${entry.path} cannot be read: ${reason}`, {
      code: "unreadable-connectome-file",
      where: `connectome "${entry.name}"`,
      hint: "The file ships in Cajal's folder data; install Cajal again if it is missing.",
      cause,
    });
  }
}

function assemble(data: ConnectomeData, entry: CatalogEntry, synapses: Synapses): Connectome {
  const layers = LAYERS[synapses].map((layer) => chosenLayer(data, entry, layer));
  const edges = { post: [] as number[], pre: [] as number[], values: [] as number[] };
  for (const layer of layers) addEdges(layer, edges);
  const size = data.labels.length;
  return createConnectome({
    // Two choices from one file must stay apart in a result.
    name: synapses === "both" ? entry.name : `${entry.name} (${synapses})`,
    weights: sparseFromEntries({ rows: size, columns: size }, edges),
    labels: data.labels,
    types: data.types,
    attributes: data.attributes,
    positions: data.positions,
    source: { citation: data.citation, note: `${describe(synapses)}. ${entry.note}` },
  });
}

function chosenLayer(data: ConnectomeData, entry: CatalogEntry, name: string): ConnectomeLayer {
  if (Object.hasOwn(data.layers, name)) return data.layers[name];
  throw new CajalError(`layers.${name} is missing`, {
    code: "bad-connectome-file",
    where: entry.path,
    hint: "The file is damaged; install Cajal again.",
  });
}

function addEdges(layer: ConnectomeLayer, edges: { post: number[]; pre: number[]; values: number[] }): void {
  const { directed, pre, post, values } = layer;
  for (let k = 0; k < values.length; k++) {
    edges.pre.push(pre[k]);
    edges.post.push(post[k]);
    edges.values.push(values[k]);
    if (directed || pre[k] === post[k]) continue;
    edges.pre.push(post[k]);
    edges.post.push(pre[k]);
    edges.values.push(values[k]);
  }
}

function describe(synapses: Synapses): string {
  if (synapses === "chemical") return "Chemical synapses only";
  if (synapses === "gap") return "Gap junctions only";
  return "Chemical synapses and gap junctions added";
}
