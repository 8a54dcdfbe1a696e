import { quantileOfSorted } from '../signal/statistics';
import type { WindowAnalysis } from './analysis';
import type { BandHz, FeatureDefinition, FeatureFamily } from './family';
import {
  activeDeviation,
  activeMean,
  createSeries,
  curvatureDeviation,
  slopeDeviation,
  slopeRange,
  sortedActive,
  type Series,
} from './series';

/** One descriptor with a value a frame. */
export interface RowSpec {
  readonly name: string;
  readonly unit: string;
  readonly title: string;
  readonly definition: string;
  readonly help: string;
  readonly bandHz?: BandHz;
  readonly statistics: readonly Statistic[];
}

export interface SeriesFamilySpec {
  readonly family: string;
  readonly rows: readonly RowSpec[];
  /**
   * Creates the function that writes row r of frame t to `series.values[r * series.stride + t]`; rows that
   * are not wanted may be left out.
   */
  createFill(isWanted: (row: number) => boolean): (analysis: WindowAnalysis, series: Series) => void;
}

interface StatisticSpec {
  readonly title: (title: string) => string;
  readonly definition: string;
  readonly unit: (unit: string) => string;
  readonly measure: (analysis: WindowAnalysis, series: Series, row: number) => number;
}

const STATISTICS = {
  mean: {
    title: (title) => `${title}, average`,
    definition: 'mean over speech frames',
    unit: (unit) => unit,
    measure: activeMean,
  },
  std: {
    title: (title) => `${title}, variation`,
    definition: 'standard deviation over speech frames',
    unit: (unit) => unit,
    measure: activeDeviation,
  },
  range: {
    title: (title) => `${title}, spread`,
    definition: '90th less 10th percentile over speech frames',
    unit: (unit) => unit,
    measure: (analysis, series, row) => {
      const sorted = sortedActive(analysis, series, row);
      return quantileOfSorted(sorted, 0.9) - quantileOfSorted(sorted, 0.1);
    },
  },
  delta_std: {
    title: (title) => `${title}, speed of change`,
    definition: 'standard deviation of the slope over five frames',
    unit: (unit) => `${unit}/frame`,
    measure: slopeDeviation,
  },
  delta_range: {
    title: (title) => `${title}, spread of its speed of change`,
    definition: '90th less 10th percentile of the slope over five frames',
    unit: (unit) => `${unit}/frame`,
    measure: slopeRange,
  },
  delta2_std: {
    title: (title) => `${title}, jumpiness`,
    definition: 'standard deviation of the second derivative over five frames',
    unit: (unit) => `${unit}/frame²`,
    measure: curvatureDeviation,
  },
} as const satisfies Record<string, StatisticSpec>;

export type Statistic = keyof typeof STATISTICS;

function define(family: string, row: RowSpec, statistic: Statistic): FeatureDefinition {
  const spec = STATISTICS[statistic];
  return {
    name: `${row.name}_${statistic}`,
    family,
    unit: spec.unit(row.unit),
    title: spec.title(row.title),
    definition: `${row.definition}; ${spec.definition}`,
    help: row.help,
    ...(row.bandHz && { bandHz: row.bandHz }),
  };
}

/** A family of statistics of per-frame descriptors; features come row by row, statistics in the order given. */
export function createSeriesFamily(spec: SeriesFamilySpec): FeatureFamily {
  const cells = spec.rows.flatMap((row, r) =>
    row.statistics.map((statistic) => ({ row, r, statistic, name: `${row.name}_${statistic}` })),
  );
  return {
    definitions: cells.map(({ row, statistic }) => define(spec.family, row, statistic)),
    createMeasure(wanted) {
      const needed = cells.map(({ name }) => wanted.has(name));
      const seriesFor = createSeries(spec.rows.length);
      const fill = spec.createFill((row) => cells.some(({ r }, i) => r === row && needed[i]));
      return (analysis, out, offset) => {
        const series = seriesFor(analysis.frameCount);
        fill(analysis, series);
        for (let i = 0; i < cells.length; i++) {
          if (!needed[i]) continue;
          const cell = cells[i];
          out[offset + i] = STATISTICS[cell.statistic].measure(analysis, series, cell.r);
        }
      };
    },
  };
}
