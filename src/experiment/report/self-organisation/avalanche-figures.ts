/**
 * @file Avalanches of all seeds beside surrogates, the spread of exponents, and what follows from them.
 */

import {
  avalanches,
  type CriticalityReport,
  criticalityReport,
  surrogateActivity,
} from "../../../analysis/index.ts";
import { createRng } from "../../../core/index.ts";
import {
  type AvalanchePanel,
  avalancheFigure,
  exponentSpread,
  formatCount,
  formatNumber,
} from "../../../plot/index.ts";
import { windowsOf } from "../../jobs/self-organisation/measure.ts";
import type { SelfOrganisationExperiment } from "../../spec/self-organisation-schema.ts";
import type { ReportFigure } from "../report-figures.ts";
import type { SeedView } from "./seed-view.ts";

/** The analysis of all seeds together, and its pictures. */
export interface AvalancheSection {
  report: CriticalityReport;
  avalanches: ReportFigure | undefined;
  spread: ReportFigure | undefined;
}

/** Analyse the avalanches of all seeds of a setting. */
export async function avalancheSection(
  views: readonly SeedView[],
  { experiment, theta }: { experiment: SelfOrganisationExperiment; theta: number },
): Promise<AvalancheSection> {
  const { units } = views[0];
  const rng = createRng(experiment.seed).stream("report").stream("criticality");
  const activity = views.map((view) => view.activity);
  const report = criticalityReport(activity, {
    units,
    theta,
    rng,
    windows: windowsOf(experiment, units),
  });
  const drawn = report.data.pooled.avalanches >= 20;
  return {
    report,
    avalanches: drawn ? await distributions(views, report) : undefined,
    spread: drawn ? await spreadFigure(report) : undefined,
  };
}

// Implementation

async function distributions(views: readonly SeedView[], report: CriticalityReport): Promise<ReportFigure> {
  const { units, theta, windows, data } = report;
  const records = views.map(({ activity }) => avalanches(activity, theta));
  const rng = createRng(0).stream("figure");
  const surrogates = report.surrogates.map(({ kind }) => ({
    label: kind,
    ...pooled(
      views.map(({ activity }, k) =>
        avalanches(surrogateActivity(kind, activity, { units, rng: rng.stream(kind).stream(k) }), theta),
      ),
    ),
  }));
  const all = pooled(records);
  const panel = (of: "size" | "duration"): AvalanchePanel => {
    const { exponent } = data.pooled[of];
    const [from, to] = windows[of];
    const fit = Number.isFinite(exponent.value) && {
      fit: { slope: -exponent.value, standardError: exponent.standardError, from, to },
    };
    return {
      pooled: { values: all[of] },
      ...(records.length > 1 && { seeds: records.map((r) => ({ values: r[of] })) }),
      ...fit,
      surrogates: surrogates
        .filter((s) => s[of].length > 0)
        .map((s) => ({ label: s.label, sample: { values: s[of] } })),
    };
  };
  const { scaling } = data.pooled;
  const svg = await avalancheFigure({
    size: panel("size"),
    duration: panel("duration"),
    ...(scaling.points.length > 2 && {
      meanSize: {
        pooled: { x: scaling.points.map((p) => p.duration), y: scaling.points.map((p) => p.meanSize) },
        ...(Number.isFinite(scaling.gamma.value) && {
          fit: {
            slope: scaling.gamma.value,
            standardError: scaling.gamma.standardError,
            from: scaling.window[0],
            to: scaling.window[1],
          },
        }),
      },
    }),
  });
  const caption = `${formatCount(data.pooled.avalanches)} avalanches of activity above ${theta} units${views.length > 1 ? `, ${views.length} seeds thin, all together bold` : ""}, with power laws fitted by maximum likelihood to durations ${windows.duration.join("–")} and sizes ${windows.size.join("–")}. Grey: the same analysis of activity without the network's dynamics, of the same mean (binomial), the same linear time scale (AR(1)), the same values in random order (shuffled).`;
  return { svg, caption, width: 17 };
}

async function spreadFigure({ data, surrogates }: CriticalityReport): Promise<ReportFigure | undefined> {
  const kinds = [
    { key: "alpha", label: "α (duration)", of: (m: typeof data) => m.pooled.duration.exponent },
    { key: "tau", label: "τ (size)", of: (m: typeof data) => m.pooled.size.exponent },
    { key: "gamma", label: "γ (mean size)", of: (m: typeof data) => m.pooled.scaling.gamma },
  ] as const;
  const seedValue = {
    alpha: (s: (typeof data.seeds)[number]) => s.duration.exponent.value,
    tau: (s: (typeof data.seeds)[number]) => s.size.exponent.value,
    gamma: (s: (typeof data.seeds)[number]) => s.scaling.gamma.value,
  };
  const rows = kinds.flatMap(({ key, label, of }) => {
    const { value, standardError } = of(data);
    const seeds = data.seeds.map(seedValue[key]).filter(Number.isFinite);
    if (!Number.isFinite(value) || seeds.length === 0) return [];
    return [
      {
        label,
        seeds,
        pooled: { value, low: value - 1.96 * standardError, high: value + 1.96 * standardError },
        surrogates: surrogates.flatMap(({ kind, measures }) => {
          const values = measures.seeds.map(seedValue[key]).filter(Number.isFinite);
          return values.length > 0
            ? [{ label: kind, low: Math.min(...values), high: Math.max(...values) }]
            : [];
        }),
      },
    ];
  });
  if (rows.length === 0) return undefined;
  const { alpha } = data.spread;
  const spread =
    alpha.count > 1
      ? ` Seeds of one and the same network differ: α from ${formatNumber(alpha.minimum, 3)} to ${formatNumber(alpha.maximum, 3)}.`
      : "";
  const caption = `Exponents of each seed, of all together with 95 % interval, and the range of surrogates. The interval knows nothing of the spread between seeds.${spread}`;
  return { svg: await exponentSpread({ rows }), caption, width: 14 };
}

function pooled(records: readonly { size: Float64Array; duration: Int32Array }[]) {
  return {
    size: records.flatMap((r) => [...r.size]),
    duration: records.flatMap((r) => [...r.duration]),
  };
}
