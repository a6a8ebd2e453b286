/**
 * @file The figure of the worst condition beside all conditions together, where validations told it: a mean may be high
 * while one condition is guessed.
 */

import { formatExact, lossComparison, OKABE_ITO, type Repeat } from "../../../plot/index.ts";
import type { ReportFigure } from "../report-figures.ts";
import type { TrainingSetting } from "./training-input.ts";
import { settingWords } from "./training-numbers.ts";

/** Fraction correct over validations, of all repeats of one setting; undefined where no condition was told apart. */
export async function worstConditionFigure({
  runs,
  experiment,
  factors,
}: TrainingSetting): Promise<ReportFigure | undefined> {
  const of = (metric: "fractionCorrect" | "worstFractionCorrect") =>
    runs.flatMap(({ validation }): Repeat[] => {
      const values = validation?.[metric];
      return validation && values?.some(Number.isFinite) ? [{ updates: validation.updates, values }] : [];
    });
  const [all, worst] = [of("fractionCorrect"), of("worstFractionCorrect")];
  if (worst.length === 0) return undefined;
  const { criterion, target } = experiment.earlyStopping ?? {};
  const [wholly, apart] = [criterion === "fractionCorrect", criterion === "worstFractionCorrect"];
  const goal = wholly || apart ? target : undefined;
  const svg = await lossComparison(
    {
      groups: [
        { label: "worst condition", repeats: worst, colour: OKABE_ITO.green },
        // The colour that validations have in the figure before.
        ...(all.length > 0 ? [{ label: "all conditions", repeats: all, colour: OKABE_ITO.vermilion }] : []),
      ],
      ...(goal !== undefined && {
        target: { value: goal, label: `target ${formatExact(goal)} of ${apart ? "the worst" : "all"}` },
      }),
    },
    {
      title: "Worst condition",
      description: `Fraction correct in validations, of all conditions and of the worst one, ${worst.length} ${worst.length === 1 ? "repeat" : "repeats"}.`,
      yLabel: "Fraction correct",
      panelHeight: 5.6,
      log: false,
      minima: false,
    },
  );
  const where = settingWords(factors);
  const many = worst.length > 1 ? `, median and quartiles over ${worst.length} repeats` : "";
  const caption = `Right answers in validations${where && ` at ${where}`}${many}: of all conditions together, and of the worst one, which may be another each time${goal === undefined ? "" : "; dashed, the target at which training stops"}.`;
  return { svg, caption, width: 17 };
}
