/**
 * @file The metrics as a Parquet file: what Python, R and DuckDB users open first.
 */

import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { type ColumnSource, parquetWriteBuffer } from "hyparquet-writer";
import type { FactorValue } from "../spec/factors.ts";
import type { MetricsTable } from "./metrics-table.ts";

/** Whole-number columns. */
const WHOLE = new Set(["null", "repeat", "delay"]);

/**
 * Bytes of a Parquet file.
 *
 * @param metadata - Texts kept with the file; they must not change between runs of the same experiment.
 */
export function encodeParquet(table: MetricsTable, metadata: Record<string, string>): Uint8Array {
  const columnData = table.columns.map(({ name, values }) => column(name, values));
  const kvMetadata = Object.entries(metadata).map(([key, value]) => ({ key, value }));
  return new Uint8Array(parquetWriteBuffer({ columnData, kvMetadata, createdBy: "cajal" }));
}

/** The table and the metadata of a file made by {@link encodeParquet}. */
export async function decodeParquet(
  bytes: Uint8Array,
): Promise<{ table: MetricsTable; metadata: Record<string, string> }> {
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  const header = parquetMetadata(file);
  const names = header.schema.slice(1).map(({ name }) => name);
  const rows = (await parquetReadObjects({ file })) as Record<string, FactorValue | null>[];
  const columns = names.map((name) => ({ name, values: rows.map((row) => row[name] ?? null) }));
  const metadata = Object.fromEntries(
    (header.key_value_metadata ?? []).map(({ key, value }) => [key, value ?? ""]),
  );
  return { table: { columns, rows: rows.length }, metadata };
}

// Implementation

function column(name: string, values: MetricsTable["columns"][number]["values"]): ColumnSource {
  const nullable = values.some((value) => value === null);
  if (WHOLE.has(name)) return { name, type: "INT32", nullable: true, data: values };
  const numeric = values.every((value) => value === null || typeof value === "number");
  if (numeric && name !== "job" && name !== "network" && name !== "metric")
    // Without a dictionary, which takes 0 and −0 for one value.
    return { name, type: "DOUBLE", nullable, encoding: "PLAIN", data: values };
  return { name, type: "STRING", nullable, data: values.map((v) => (v === null ? null : String(v))) };
}
