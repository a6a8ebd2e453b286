/**
 * @file `npm run bench`: every subject in turn, as tables, or with `--json` one object a row. Reads no clock into a
 * verdict: numbers are printed, nothing passes or fails.
 */

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { describeMachine, packageRoot } from "./machine.ts";
import { consumed } from "./measure.ts";
import { findPeers } from "./peers.ts";
import { createReport, type RunBench } from "./report.ts";

const HELP = `npm run bench -- [options]
  --only SUBJECT   one subject, or several separated by commas: SUBJECTS
  --quick          fewer repetitions and smaller sizes
  --json           one JSON object a row on standard output, everything else on standard error
  --no-peers       measure Cajal alone
  --help           this text`;

const folder = import.meta.dirname;
const subjects = readdirSync(folder)
  .filter((name) => name.endsWith(".bench.js"))
  .map((name) => name.slice(0, -".bench.js".length))
  .sort();

process.exitCode = await main();

async function main(): Promise<number> {
  const { options, problem } = readOptions();
  if (problem) {
    console.error(`bench: ${problem}\n\n${HELP.replace("SUBJECTS", subjects.join(", "))}`);
    return 2;
  }
  if (options.help) {
    console.log(HELP.replace("SUBJECTS", subjects.join(", ")));
    return 0;
  }
  const chosen = options.only?.split(",") ?? subjects;
  const root = packageRoot();
  const say = options.json ? console.error : console.log;
  for (const line of describeMachine(root)) say(line);
  const torch = chosen.includes("training");
  const peers = findPeers(root, { enabled: options.peers, thorough: !options.quick, torch });
  for (const line of peers.description) say(line);
  say(
    "Times are CPU times of all threads unless a row says wall. ratio: how many times better than the peer.",
  );

  const report = createReport({ json: options.json });
  let failed = false;
  for (const subject of chosen) {
    const { run } = (await import(pathToFileURL(join(folder, `${subject}.bench.js`)).href)) as {
      run: RunBench;
    };
    report.begin(subject);
    try {
      await run(report, { quick: options.quick, peers });
    } catch (error) {
      failed = true;
      report.note(`stopped: ${error instanceof Error ? error.message : error}`);
    }
    peers.stopAll();
    report.end();
  }
  return failed || Number.isNaN(consumed()) ? 1 : 0;
}

interface Options {
  only: string | undefined;
  quick: boolean;
  json: boolean;
  peers: boolean;
  help: boolean;
}

function readOptions(): { options: Options; problem?: string } {
  const none: Options = { only: undefined, quick: false, json: false, peers: true, help: false };
  try {
    const { values } = parseArgs({
      options: {
        only: { type: "string" },
        quick: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        "no-peers": { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    const { only, quick, json, help } = values;
    const unknown = only?.split(",").find((name) => !subjects.includes(name));
    const problem =
      unknown === undefined ? undefined : `there is no subject "${unknown}"; known: ${subjects.join(", ")}`;
    const options = { only, quick, json, help, peers: !values["no-peers"] };
    return { options, ...(problem ? { problem } : {}) };
  } catch (error) {
    return { options: none, problem: (error as Error).message };
  }
}
