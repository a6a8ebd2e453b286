/**
 * @file Figures of the other networks and cells of a sweep, folded away: a few of each, from its first seed.
 */

import { formatExact } from "../../../plot/index.ts";
import { html, type Markup } from "../html.ts";
import { factorName } from "../names.ts";
import { figureBlock, ifDrawable } from "../report-page.ts";
import { lastSteps } from "./activity-figures.ts";
import type { OrganisationInput, OtherSetting } from "./organisation-input.ts";
import { connectionFigure, weightFigure } from "./structure-figures.ts";

/** A block for each setting that figures above do not show; undefined where they show all. */
export async function otherSettings(
  { others, settings, experiment }: OrganisationInput,
  number: () => number,
): Promise<Markup | undefined> {
  if (others.length === 0) return undefined;
  const wanted = new Set(experiment.analyses);
  const blocks: Markup[] = [];
  for (const setting of others) {
    const { view } = setting;
    const figures = [
      wanted.has("connections") && (await ifDrawable(() => connectionFigure([view]))),
      await ifDrawable(() => lastSteps(view, view.theta)),
      wanted.has("weights") && (await ifDrawable(() => weightFigure([view]))),
    ];
    const shown = figures.filter((figure) => typeof figure === "object");
    if (shown.length === 0) continue;
    blocks.push(
      html`<details><summary>${nameOf(setting)}</summary>
${shown.map((figure) => figureBlock(figure, number()))}</details>\n`,
    );
  }
  if (blocks.length === 0) return undefined;
  const left = settings.filter(({ seeds }) => seeds.length > 0).length - 1 - others.length;
  return html`<h2>The other settings</h2>
<p class="note">First seed of each${left > 0 && html`; ${left} more are in <code>records/</code> alone`}.</p>
${blocks}`;
}

// Implementation

function nameOf({ network, factors }: OtherSetting): string {
  const values = Object.entries(factors).map(([path, value]) => `${factorName(path)} ${formatExact(value)}`);
  return [network, ...values].join(", ");
}
