/**
 * @file A Markdown file of sections, of which a run replaces those it made.
 */

import { existsSync, readFileSync, writeFileSync } from "node:fs";

/** Put sections (title → text) into a file after its introduction; others stay, in the order of `titles`. */
export function writeSections(
  file: string,
  introduction: string,
  { sections, titles }: { sections: Readonly<Record<string, string>>; titles: readonly string[] },
): void {
  const [, ...old] = existsSync(file) ? readFileSync(file, "utf8").split(/^## /m) : [""];
  const kept = new Map(
    old.map((part) => {
      const end = part.indexOf("\n");
      return [part.slice(0, end), part.slice(end).trim()] as const;
    }),
  );
  for (const [title, text] of Object.entries(sections)) kept.set(title, text.trim());
  const parts = titles.flatMap((title) => (kept.has(title) ? [`## ${title}\n\n${kept.get(title)}`] : []));
  writeFileSync(file, `${[introduction.trim(), ...parts].join("\n\n")}\n`);
}
