/**
 * @file Connectomes that cannot be read, or not be used.
 */

import { ringCsv } from "../cajal-process.ts";
import { change, onFile, type Wrong } from "./wrong-input.ts";

/** Files with weights, and names of connectomes. */
export const matrices: Wrong[] = [
  {
    what: "a ragged CSV",
    yaml: onFile("{ path: m.csv }"),
    files: { "m.csv": "0,1,0\n1,0\n0,1,0\n" },
    says: [
      "m.csv:2:3: the row has 2 cells, the other rows have 3",
      "e.yaml:1:21",
      "Give every row the same number",
    ],
  },
  {
    what: "NaN in a CSV",
    yaml: onFile("{ path: m.csv }"),
    files: { "m.csv": "0,NaN,1\n1,0,1\n0,1,0\n" },
    says: ["m.csv:1:3: cell 2 is NaN", "e.yaml:1:21", "Write 0 where there is no edge."],
  },
  {
    what: "NaN in a .npy",
    yaml: onFile("{ path: m.npy }"),
    files: { "m.npy": npyWithNaN() },
    says: ['weight from "0" (pre) to "1" (post) is NaN', "e.yaml:1:21", "Put 0 where there is no edge."],
  },
  {
    what: "words among the weights",
    yaml: onFile("{ path: m.csv }"),
    files: { "m.csv": "0,x,1\n1,0,1\n0,1,0\n" },
    says: [
      'm.csv:1:3: cell 2 is not a number, got "x"',
      "Only a first row and a first column may hold labels.",
    ],
  },
  {
    what: "Python objects in a .npy",
    yaml: onFile("{ path: m.npy }"),
    files: { "m.npy": npy("|O", "(2, 2)", 40) },
    says: [
      "m.npy: is an array of Python objects",
      "e.yaml:1:21",
      "numpy.save(path, numpy.asarray(m, dtype=float))",
    ],
  },
  {
    what: "a .npy that is cut off",
    yaml: onFile("{ path: m.npy }"),
    files: { "m.npy": npy("<f8", "(12, 12)", 100) },
    says: ["m.npy: the file is cut off", "1152 bytes, 100 are left", "Copy or download it again."],
  },
  {
    what: "a .npy that claims eight terabytes",
    yaml: onFile("{ path: m.npy }"),
    files: { "m.npy": npy("<f8", "(1000000, 1000000)", 100) },
    says: ["m.npy: the file is cut off", "100 are left"],
  },
  {
    what: "an array of three axes",
    yaml: onFile("{ path: m.npy }"),
    files: { "m.npy": npy("<f8", "(2, 2, 2)", 64) },
    says: ["m.npy: the array has shape (2, 2, 2), not (unit, unit)", "Save one matrix of the stack"],
  },
  {
    what: "a matrix that is not square",
    yaml: onFile("{ path: m.csv }"),
    files: { "m.csv": "0,1,0,0\n1,0,0,1\n" },
    says: [
      "m.csv: the matrix has 2 rows and 4 columns",
      "e.yaml:1:21",
      "Give one row and one column per node",
    ],
  },
  {
    what: "a CSV without a row",
    yaml: onFile("{ path: m.csv }"),
    files: { "m.csv": "" },
    says: ["m.csv: the file holds no rows", "Is it the right file?"],
  },
  {
    what: "too few labels",
    yaml: onFile("{ path: m.csv, labels: l.txt }"),
    files: { "m.csv": "0,1,1\n1,0,1\n0,1,0\n", "l.txt": "a\nb\n" },
    says: ["2 labels for 3 nodes", "e.yaml:1:36", "Give one label per node"],
  },
  {
    what: "the spectral radius of a matrix of zeros",
    yaml: onFile("{ path: m.csv }"),
    files: { "m.csv": "0,0,0\n0,0,0\n0,0,0\n" },
    says: [
      "the spectral radius of m is 0 (it has no edges) and cannot be set to 0.9",
      "e.yaml:3:28",
      "Remove network.spectralRadius",
    ],
  },
  {
    what: "the spectral radius of a matrix without cycles",
    yaml: onFile("{ path: m.csv }"),
    files: { "m.csv": "0,1,1\n0,0,1\n0,0,0\n" },
    says: ["the spectral radius of m is 0 (it has no cycles)", "e.yaml:3:28"],
  },
  {
    what: "a matrix that is not there",
    yaml: onFile("{ path: rign.csv }"),
    files: { "ring.csv": ringCsv(20) },
    says: ["there is no file rign.csv", "e.yaml:1:21", "Did you mean ring.csv?", "relative to that file"],
  },
  {
    what: "a folder for a matrix",
    yaml: onFile("{ path: . }"),
    says: ["is a folder, not a file", "e.yaml:1:21"],
  },
  {
    what: "an unknown shipped connectome",
    yaml: change("celegans", "celegance"),
    says: ['no connectome named "celegance" ships with Cajal', "e.yaml:2:21", 'Did you mean "celegans"?'],
  },
];

// Implementation

/** A `.npy` file with `length` bytes of data, whatever its header says. */
function npy(descr: string, shape: string, length: number): Buffer {
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`.padEnd(117, " ");
  const magic = Buffer.from("\x93NUMPY\x01\x00\x76\x00", "latin1");
  return Buffer.concat([magic, Buffer.from(`${header}\n`), Buffer.alloc(length)]);
}

function npyWithNaN(): Buffer {
  const bytes = npy("<f8", "(2, 2)", 32);
  bytes.writeDoubleLE(Number.NaN, 128 + 8);
  return bytes;
}
