/**
 * @file The connectomes that ship with Cajal, as plain data: what each is, whose it is, and which file holds it.
 * Reads nothing; see `load-connectome.ts`.
 */

import { CajalError, suggest } from "../../core/index.ts";

/** Which connections count: chemical synapses (directed), gap junctions (symmetric), or their sum. */
export type Synapses = "chemical" | "gap" | "both";

/** One shipped connectome. */
export interface CatalogEntry {
  /** What a user types. */
  readonly name: string;
  readonly title: string;
  readonly species: string;
  /** Number of neurons. */
  readonly nodes: number;
  /** Number of non-zero weights w[post, pre], by choice of synapses; a gap junction counts in both directions. */
  readonly edges: Readonly<Record<Synapses, number>>;
  /** What a weight of 1 is. */
  readonly unit: string;
  readonly citation: string;
  readonly licence: string;
  /** What a user should know before believing a result. */
  readonly note: string;
  /** File relative to the package's folder `data`. */
  readonly path: string;
}

/** Every shipped connectome, in the order lists show them. */
export const connectomeCatalog: readonly CatalogEntry[] = Object.freeze([
  Object.freeze({
    name: "celegans",
    title: "C. elegans, adult hermaphrodite, all 302 neurons (Cook et al. 2019, corrected July 2020)",
    species: "Caenorhabditis elegans",
    nodes: 302,
    edges: Object.freeze({ chemical: 3709, gap: 2196, both: 5146 }),
    unit: "EM section",
    citation:
      "Cook SJ et al. (2019). Whole-animal connectomes of both Caenorhabditis elegans sexes. " +
      "Nature 571:63-71. doi:10.1038/s41586-019-1352-7",
    licence: "Published tables, redistributed under MIT; see data/celegans/README.md",
    note:
      "Includes the pharynx and self-connections. Six gap junctions among ALA, CANL, CANR, PVDL and PVDR have 100 " +
      "to 401 sections (all others at most 81, median 2) and alone set the spectral radius of gap and both.",
    path: "celegans/cook-2019.json",
  }),
  Object.freeze({
    name: "celegans-varshney",
    title: "C. elegans, adult hermaphrodite, 279 somatic neurons (Varshney et al. 2011)",
    species: "Caenorhabditis elegans",
    nodes: 279,
    edges: Object.freeze({ chemical: 2194, gap: 1031, both: 2993 }),
    unit: "synapse",
    citation:
      "Varshney LR, Chen BL, Paniagua E, Hall DH, Chklovskii DB (2011). Structural properties of the " +
      "Caenorhabditis elegans neuronal network. PLoS Computational Biology 7:e1001066. " +
      "doi:10.1371/journal.pcbi.1001066",
    licence: "CC BY, redistributed under MIT; see data/celegans/README.md",
    note: "The network most of the literature uses. Without the pharynx, CANL, CANR and VC6.",
    path: "celegans/varshney-2011.json",
  }),
]);

/**
 * The entry of a name.
 *
 * @throws CajalError `unknown-connectome`, with the nearest name and the list.
 */
export function catalogEntry(name: string): CatalogEntry {
  const found = connectomeCatalog.find((entry) => entry.name === name);
  if (found) return found;
  const names = connectomeCatalog.map((entry) => entry.name);
  throw new CajalError(`no connectome named "${name}" ships with Cajal`, {
    code: "unknown-connectome",
    where: "connectome",
    hint: suggest(name, names),
  });
}
