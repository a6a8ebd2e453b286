/**
 * @file Colours of conditions by the sign and size of their evidence: blue for the first alternative, orange for the
 * other, the deeper the stronger.
 */

import { fromPaper, sequentialRamp, warmRamp } from "../colour-ramp.ts";
import type { LegendEntry } from "../legend.ts";
import { COLOUR, MANY_COLOURS } from "../style.ts";

/** What is coloured. */
export interface ColouredCondition {
  label: string;
  evidence?: number;
  dashed?: boolean;
}

/** A colour for each condition, and the key to them. */
export function evidenceColours(conditions: readonly ColouredCondition[]) {
  const sizes = conditions.map((c) => Math.abs(c.evidence ?? Number.NaN)).filter((e) => e > 0);
  const ranks = [...new Set(sizes)].sort((a, b) => a - b);
  const of = conditions.map(({ evidence }, i) => {
    if (evidence === undefined || Number.isNaN(evidence)) return MANY_COLOURS[i % MANY_COLOURS.length];
    if (evidence === 0) return COLOUR.null;
    // By rank: evidence usually doubles from one condition to the next.
    const t = (ranks.indexOf(Math.abs(evidence)) + 1) / ranks.length;
    return fromPaper(evidence > 0 ? sequentialRamp : warmRamp, 0.25 + 0.65 * t);
  });
  const entries = (label?: string): LegendEntry[] => {
    const order = conditions
      .map((c, i) => ({ ...c, i }))
      .sort((a, b) => (b.evidence ?? 0) - (a.evidence ?? 0) || a.i - b.i);
    const every = Math.max(1, Math.ceil(order.length / MOST_ENTRIES));
    const heading: LegendEntry[] = label === undefined ? [] : [{ label, swatch: { kind: "none" } }];
    const shown = order.filter((_, k) => k % every === 0);
    return [
      ...heading,
      ...shown.map(({ label: name, dashed, i }): LegendEntry => {
        return {
          label: name,
          swatch: { kind: "line", stroke: of[i], width: 2.2, dash: dashed ? "4 2" : undefined },
        };
      }),
    ];
  };
  return { of, entries };
}

// Implementation

const MOST_ENTRIES = 16;
