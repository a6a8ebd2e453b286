/**
 * @file The long acceptance checks: `npm run science [-- WORD … ] [--seeds N] [--write]`. They take minutes. Words are
 * studies (organisation, noise, cartpole, counting, perceptual, …), `self-organisation` or `training` for all of a kind;
 * without one all run. `--write` keeps the tables in docs/acceptance.md and docs/acceptance-training.md. The fast ones
 * are tests in test/science.
 */

import { cpus } from "node:os";
import { join } from "node:path";
import { cartpole } from "./cartpole.ts";
import { Findings } from "./claims.ts";
import { counting } from "./counting.ts";
import { drawInto } from "./figures.ts";
import { noise } from "./noise.ts";
import { organisation } from "./organisation.ts";
import { writeSections } from "./sections.ts";
import { reportedSeeds, TRAINING_STUDIES } from "./training/report.ts";

const words = process.argv.slice(2);
const value = (flag: string, fallback: number) => {
  const at = words.indexOf(flag);
  return at < 0 ? fallback : Number(words[at + 1]);
};
const seeds = value("--seeds", 8);
const write = words.includes("--write");
const docs = join(import.meta.dirname, "../../docs");
const draw = write ? drawInto(join(docs, "figures")) : undefined;
const machine = `Node ${process.version}, ${cpus()[0]?.model.trim()}`;
const ORGANISATION: Record<string, (findings: Findings) => void | Promise<void>> = {
  organisation: (f) => organisation(f, { seeds, draw }),
  noise,
  cartpole,
  counting: (f) => counting(f, { seeds: Math.min(seeds, 4), draw }),
};
const wanted = (kind: string, table: object) => {
  const known = [
    ...Object.keys(ORGANISATION),
    ...Object.keys(TRAINING_STUDIES),
    "self-organisation",
    "training",
  ];
  const named = words.filter((w) => known.includes(w));
  return Object.keys(table).filter((n) => named.length === 0 || named.includes(n) || named.includes(kind));
};
const timed = async (name: string, findings: Findings, study: () => void | Promise<void>) => {
  console.error(`${name} …`);
  const start = process.cpuUsage();
  await study();
  const { user, system } = process.cpuUsage(start);
  findings.note(`${name}: ${((user + system) / 1e6).toFixed(0)} CPU-seconds`);
};

const findings = new Findings();
for (const name of wanted("self-organisation", ORGANISATION))
  await timed(name, findings, () => ORGANISATION[name](findings));
if (findings.claims.length > 0) {
  console.log(findings.toString());
  const introduction = `# Acceptance of self-organising networks

Written by \`npm run science -- self-organisation --write\` (${seeds} seeds, ${machine}). Ids are those of
the acceptance list that Cajal is built against; the fast checks of the list are tests in \`test/science\`.

Where the connection fraction (S4) or the activity under little noise (S6) leaves its range, the reason is the spread
between seeds: the list took its ranges from single runs, and the same wirings with other noise have stayed inside.`;
  if (write) findings.write(join(docs, "acceptance.md"), introduction);
}

const sections: Record<string, string> = {};
const trained: Findings[] = [];
for (const name of wanted("training", TRAINING_STUDIES)) {
  const study = TRAINING_STUDIES[name];
  const found = new Findings();
  const count = value("--seeds", study.seeds);
  await timed(name, found, () => study.run(found, reportedSeeds(count)));
  console.log(`\n${study.title}\n${found.toString()}`);
  sections[study.title] = found.markdown();
  trained.push(found);
}
if (write && trained.length > 0) {
  const introduction = `# Acceptance of training

Written by \`npm run science -- training --write\` (${machine}, single precision, WebAssembly); a
word in place of \`training\` runs one study and rewrites its section. Settings were chosen on seeds 1 to 3; reported are
seeds 101, 102, …, which were not looked at before. The fast variants are tests in \`test/science\`.`;
  const titles = Object.values(TRAINING_STUDIES).map((s) => s.title);
  writeSections(join(docs, "acceptance-training.md"), introduction, { sections, titles });
}
process.exitCode = [findings, ...trained].every((f) => f.claims.every((c) => c.holds)) ? 0 : 1;
