/**
 * @file Scores of the task against what was swept, for each network.
 */

import { taskScores } from "../../../plot/index.ts";
import { factorName } from "../names.ts";
import { repeatMean } from "../repeat-mean.ts";
import type { ReportFigure } from "../report-figures.ts";
import { positionMetric } from "./metric-meanings.ts";
import type { OrganisationInput } from "./organisation-input.ts";

/** Positions read out against the first swept number; undefined where nothing of the kind was measured. */
export async function scoresFigure({
  settings,
  experiment,
}: OrganisationInput): Promise<ReportFigure | undefined> {
  const [path] = Object.keys(experiment.sweep);
  if (path === undefined || Object.keys(experiment.sweep).length > 1) return undefined;
  const networks = [...new Set(settings.map(({ network }) => network))];
  const points = [...new Set(settings.map(({ factors }) => factors[path]))];
  if (points.length < 2 || !points.every((point) => typeof point === "number")) return undefined;
  const n = points.toSorted((a, b) => a - b);
  const curves = networks.map((network) => {
    const at = n.map((point) => {
      const setting = settings.find((s) => s.network === network && s.factors[path] === point);
      return repeatMean(setting?.seeds ?? [], positionMetric(experiment));
    });
    const values = at.map(({ mean }) => mean);
    const many = at.some(({ spread }) => spread !== null);
    return {
      label: network,
      values,
      ...(many && {
        low: at.map(({ mean, spread }) => mean - (spread ?? 0)),
        high: at.map(({ mean, spread }) => Math.min(1, mean + (spread ?? 0))),
      }),
    };
  });
  if (curves.every(({ values }) => values.every(Number.isNaN))) return undefined;
  const name = path === "input.n" ? "Repeats of the middle letter, n" : factorName(path);
  const svg = await taskScores({ n, curves }, { xLabel: name, yLabel: "Positions read out right" });
  const caption = `Share of steps whose position inside the word is read out right, on states the readout was not trained on; bands: standard deviation over seeds.`;
  return { svg, caption, width: 17 };
}
