/**
 * @file The style sheet of a report: one column to read, figures on white in light and dark, clean on paper.
 */

/** CSS without a font, picture or rule from elsewhere: the file must look right offline, years from now. */
export const REPORT_STYLE = `
:root { color-scheme: light dark; --ink: #1f2328; --quiet: #5c6670; --paper: #ffffff; --line: #d8dee4; --soft: #f5f7f9; --accent: #b84a00; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ec; --quiet: #a0a9b2; --paper: #15181b; --line: #363c42; --soft: #1e2327; --accent: #ff9a4d; } }
* { box-sizing: border-box; }
html { background: var(--paper); }
body { margin: 0 auto; max-width: 47rem; padding: 2.5rem 1.25rem 4rem; color: var(--ink); font: 16px/1.55 Inter, "Helvetica Neue", Helvetica, Arial, "Liberation Sans", system-ui, sans-serif; overflow-wrap: break-word; }
header p.kind { margin: 0; color: var(--quiet); font-size: .85rem; letter-spacing: .02em; }
h1 { margin: .15rem 0 1rem; font-size: 1.7rem; line-height: 1.2; letter-spacing: -.01em; }
h2 { margin: 2.6rem 0 .6rem; font-size: 1.15rem; line-height: 1.3; }
.answer { margin: 0 0 1rem; padding: 0 0 0 1rem; border-left: 3px solid var(--accent); font-size: 1.18rem; line-height: 1.5; }
.cautions { margin: 0; padding-left: 1.1rem; color: var(--quiet); font-size: .9rem; }
.cautions li { margin: .2rem 0; }
figure { margin: 2rem 0 0; break-inside: avoid; }
figure .sheet { overflow-x: auto; padding: 10px; background: #fff; border: 1px solid var(--line); border-radius: 4px; }
figure svg { display: block; width: 100%; min-width: min(28rem, var(--sheet, 28rem) - 22px); height: auto; margin: 0 auto; }
figcaption { margin-top: .5rem; color: var(--quiet); font-size: .87rem; line-height: 1.45; }
figcaption b { color: var(--ink); }
.wide { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: .85rem; font-variant-numeric: tabular-nums; line-height: 1.35; }
thead th { border-bottom: 1.5px solid var(--ink); font-weight: 600; vertical-align: bottom; }
th, td { padding: .32rem .5rem; text-align: right; vertical-align: top; }
td { white-space: nowrap; }
th:first-child, td:first-child { padding-left: 0; text-align: left; }
tbody th { font-weight: 400; text-align: left; }
tbody tr { border-bottom: 1px solid var(--line); break-inside: avoid; }
small { color: var(--quiet); white-space: nowrap; }
table.facts th { width: 11rem; color: var(--quiet); }
table.facts td { text-align: left; white-space: normal; overflow-wrap: anywhere; }
.note { color: var(--quiet); font-size: .87rem; }
pre, code { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; font-size: .8rem; }
pre { margin: 0; padding: .9rem 1rem; background: var(--soft); border: 1px solid var(--line); border-radius: 4px; white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.5; }
.methods { padding: .9rem 1rem; background: var(--soft); border: 1px solid var(--line); border-radius: 4px; font-size: .95rem; }
.references { padding-left: 1.1rem; font-size: .87rem; }
.failures { border-left: 3px solid #c62828; padding-left: 1rem; }
.failures ul { padding-left: 1.1rem; font-size: .87rem; }
@media print {
  :root { --ink: #000; --quiet: #444; --paper: #fff; --line: #bbb; --soft: #fff; --accent: #b84a00; }
  body { max-width: none; padding: 0; font-size: 10.5pt; }
  figure .sheet { padding: 0; border: 0; overflow: visible; }
  figure svg { min-width: 0; }
  h2 { break-after: avoid; }
  .wide { overflow: visible; }
}
@page { margin: 18mm 16mm; }
`;
