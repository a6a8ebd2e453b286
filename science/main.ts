/**
 * @file The long acceptance checks: `npm run science [-- organisation|noise|counting|cartpole] [--seeds N] [--write]`.
 * They take minutes; `--write` keeps the table in docs/acceptance.md. The fast ones are tests in test/science.
 */

import { cpus } from "node:os";
import { join } from "node:path";
import { cartpole } from "./cartpole.ts";
import { Findings } from "./claims.ts";
import { counting } from "./counting.ts";
import { drawInto } from "./figures.ts";
import { noise } from "./noise.ts";
import { organisation } from "./organisation.ts";

const words = process.argv.slice(2);
const value = (flag: string, fallback: number) => {
  const at = words.indexOf(flag);
  return at < 0 ? fallback : Number(words[at + 1]);
};
const seeds = value("--seeds", 8);
const docs = join(import.meta.dirname, "../../docs");
const draw = words.includes("--write") ? drawInto(join(docs, "figures")) : undefined;
const studies: Record<string, (findings: Findings) => void | Promise<void>> = {
  organisation: (f) => organisation(f, { seeds, draw }),
  noise,
  cartpole,
  counting: (f) => counting(f, { seeds: Math.min(seeds, 4), draw }),
};
const wanted = words.filter((w) => w in studies);
const findings = new Findings();
for (const [name, study] of Object.entries(studies)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.error(`${name} …`);
  const start = process.cpuUsage();
  await study(findings);
  const { user, system } = process.cpuUsage(start);
  findings.note(`${name}: ${((user + system) / 1e6).toFixed(0)} CPU-seconds`);
}
console.log(findings.toString());
if (words.includes("--write")) {
  const introduction = `# Acceptance of self-organising networks

Written by \`npm run science -- --write\` (${seeds} seeds, Node ${process.version}, ${cpus()[0]?.model.trim()}). Ids are those of
the acceptance list that Cajal is built against; the fast checks of the list are tests in \`test/science\`.`;
  findings.write(join(docs, "acceptance.md"), introduction);
}
process.exitCode = findings.claims.every((c) => c.holds) ? 0 : 1;
