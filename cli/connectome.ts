/**
 * @file `cajal connectome list` and `info`.
 */

import { resolve } from "node:path";
import pc from "picocolors";
import {
  type Connectome,
  type ConnectomeSummary,
  connectomeCatalog,
  summarize,
} from "../src/connectome/index.ts";
import { type ConnectomeChoice, openConnectome } from "../src/experiment/index.ts";
import { formatCount, formatValue, wrapText } from "./format.ts";
import type { CommandIo, Output } from "./io.ts";
import { formatTable } from "./table.ts";

/** Options of `cajal connectome info`. */
export interface InfoOptions {
  synapses: "chemical" | "gap" | "both";
  format?: "npy" | "npz" | "csv" | "tsv" | "edge-list";
  orientation: "pre-post" | "post-pre";
  diagonal: "keep" | "zero";
  array?: string;
  labels?: string;
  json?: boolean;
}

/** List the shipped connectomes. @returns The exit code. */
export async function listCommand({ json }: { json?: boolean }, io: CommandIo): Promise<number> {
  if (json) {
    io.out.write(`${JSON.stringify(connectomeCatalog)}\n`);
    return 0;
  }
  const rows = connectomeCatalog.map(({ name, nodes, edges, unit }) => [
    name,
    formatCount(nodes),
    formatCount(edges.chemical),
    formatCount(edges.both),
    unit,
  ]);
  const heads = ["name", "nodes", "chemical edges", "with gap junctions", "weight"];
  const columns = heads.map((head, i) => ({
    head,
    align: i > 0 && i < 4 ? ("right" as const) : ("left" as const),
  }));
  io.out.write(`${formatTable(columns, rows)}\n\n`);
  for (const { name, title, citation, licence, note } of connectomeCatalog) {
    const lines = [title, citation, licence, note].map((line) => wrapText(line, io.out, 4));
    io.out.write(`  ${pc.bold(name)}\n${lines.join("\n")}\n`);
  }
  return 0;
}

/** Print what is in a connectome. @returns The exit code. */
export async function infoCommand(name: string, options: InfoOptions, io: CommandIo): Promise<number> {
  const { synapses, json, labels, ...file } = options;
  const shipped = connectomeCatalog.some((entry) => entry.name === name);
  // A bare word that is no file name can only be meant as a shipped one.
  const asName = shipped || /^[\w-]+$/.test(name);
  const source: ConnectomeChoice = asName
    ? { name, synapses }
    : {
        ...file,
        path: resolve(io.cwd, name),
        ...(labels !== undefined && { labels: resolve(io.cwd, labels) }),
      };
  const connectome = await openConnectome(source);
  const summary = summarize(connectome);
  if (json) io.out.write(`${JSON.stringify(summary)}\n`);
  else io.out.write(infoText(connectome, summary, io.out));
  return 0;
}

// Implementation

function infoText(connectome: Connectome, s: ConnectomeSummary, out: Output): string {
  const types = Object.entries(s.types).map(([type, count]) => `${type} ${count}`);
  const facts: [string, string][] = [
    ["nodes", formatCount(s.nodes)],
    [
      "edges",
      `${formatCount(s.edges)}${s.directed ? `, directed, ${percent(s.reciprocity)} with their reverse` : ", undirected"}`,
    ],
    ["density", percent(s.density)],
    ["self-loops", formatCount(s.selfLoops)],
    ["isolated nodes", formatCount(s.isolated)],
    ["weak components", `${s.weakComponents.count}, largest ${formatCount(s.weakComponents.largest)}`],
    ["strong components", `${s.strongComponents.count}, largest ${formatCount(s.strongComponents.largest)}`],
    [
      "weights",
      `${formatValue(s.minWeight)} … ${formatValue(s.maxWeight)}, mean ${formatValue(s.meanWeight)}`,
    ],
    ["signs", `${formatCount(s.positive)} positive, ${formatCount(s.negative)} negative`],
    ["spectral radius", formatValue(s.spectralRadius)],
    ["strongest edge", strongest(connectome)],
    ...(types.length > 0 ? [["types", types.join(", ")] as [string, string]] : []),
  ];
  const width = Math.max(...facts.map(([key]) => key.length));
  const lines = facts.map(([key, value]) => `  ${pc.dim(key.padEnd(width))}  ${value}`);
  const { citation, note } = connectome.source ?? {};
  const more = [citation, note]
    .filter((text) => text !== undefined)
    .map((text) => pc.dim(wrapText(text, out)));
  return `${[pc.bold(s.name), ...lines, ...(more.length > 0 ? ["", ...more] : [])].join("\n")}\n`;
}

/** Shows which way the matrix was read: is it plausible that this one drives that one? */
function strongest({ weights, labels }: Connectome): string {
  let best = { post: -1, pre: -1, size: 0, weight: 0 };
  for (let post = 0; post < weights.rows; post++) {
    for (let k = weights.rowStart[post]; k < weights.rowStart[post + 1]; k++) {
      const pre = weights.column[k];
      const weight = weights.values[k];
      if (pre !== post && Math.abs(weight) > best.size) best = { post, pre, size: Math.abs(weight), weight };
    }
  }
  return best.post < 0 ? "none" : `${labels[best.pre]} → ${labels[best.post]} (${formatValue(best.weight)})`;
}

const percent = (share: number): string => `${(100 * share).toFixed(share < 0.1 ? 2 : 1)} %`;
