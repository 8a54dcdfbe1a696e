import { cosineBasis } from '../signal/cosine-transform';
import { linearFilterbank, melFilterbank, type Filterbank } from '../signal/filterbank';
import type { WindowAnalysis } from './analysis';
import { twoDigits, type FeatureFamily } from './family';
import { BIN_COUNT, BIN_HZ, TOP_HZ } from './frame-grid';
import { perWorkspace } from './per-workspace';
import type { Series } from './series';
import { createSeriesFamily, type RowSpec, type Statistic } from './series-family';

// Local: an import transpiled to CommonJS is looked up anew on every use.
const BINS = BIN_COUNT;

/**
 * Cepstral coefficients: DCT-II (orthonormal) of the filterbank's energies in dB
 * (Davis & Mermelstein 1980; linear spacing after Sahidullah et al. 2015).
 */
export interface CepstraSpec {
  readonly bank: Filterbank;
  readonly firstCoefficient: number;
  readonly coefficientCount: number;
}

const DB_PER_NEPER = 10 / Math.LN10;
const grid = { binHz: BIN_HZ, binCount: BINS };

export const MEL_BANK = melFilterbank({ ...grid, count: 40, lowHz: 0, highHz: TOP_HZ });
export const LINEAR_BANK = linearFilterbank({ ...grid, count: 40, lowHz: 0, highHz: TOP_HZ });
const NARROW_LOW_HZ = 250;
const NARROW_HIGH_HZ = 3400;
const NARROW_MEL_BANK = melFilterbank({ ...grid, count: 24, lowHz: NARROW_LOW_HZ, highHz: NARROW_HIGH_HZ });
const NARROW_LINEAR_BANK = linearFilterbank({
  ...grid,
  count: 24,
  lowHz: NARROW_LOW_HZ,
  highHz: NARROW_HIGH_HZ,
});

interface Tables {
  readonly bank: readonly number[];
  readonly basis: readonly number[];
  readonly bands: Float32Array;
  readonly row: Float32Array;
}

/** Copies what the kernels read into the workspace. */
function tablesOf({ bank, firstCoefficient, coefficientCount }: CepstraSpec) {
  return ({ workspace, levelDb }: WindowAnalysis): Tables => {
    const { count } = bank;
    const copied = <T extends { set(from: ArrayLike<number>): void }>(to: T, from: ArrayLike<number>): T => {
      to.set(from);
      return to;
    };
    const basis = copied(
      workspace.float64((firstCoefficient + coefficientCount) * count),
      cosineBasis(firstCoefficient + coefficientCount, count),
    );
    return {
      bank: [
        copied(workspace.int32(count), bank.first).byteOffset,
        copied(workspace.int32(count + 1), bank.start).byteOffset,
        copied(workspace.float64(bank.weights.length), bank.weights).byteOffset,
      ],
      basis: Array.from(
        { length: coefficientCount },
        (_, c) => basis.byteOffset + 8 * (firstCoefficient + c) * count,
      ),
      bands: workspace.float32(levelDb.length * count),
      row: workspace.float32(levelDb.length),
    };
  };
}

/** Creates the function that writes the wanted coefficients of every frame, one row of `series` each. */
export function createCepstra(
  spec: CepstraSpec,
  isWanted: (row: number) => boolean = () => true,
): (analysis: WindowAnalysis, series: Series) => void {
  const { count } = spec.bank;
  const wanted = Array.from({ length: spec.coefficientCount }, (_, c) => c).filter(isWanted);
  const tablesFor = perWorkspace(tablesOf(spec));
  return (analysis, series) => {
    const { workspace, frameCount, power } = analysis;
    const { kernels } = workspace;
    const { bank, basis, bands, row } = tablesFor(analysis);
    kernels.weighBands(power.byteOffset, frameCount, BINS, ...bank, count, bands.byteOffset);
    kernels.logarithms(bands.byteOffset, frameCount * count, bands.byteOffset);
    for (const c of wanted) {
      kernels.project(bands.byteOffset, frameCount, count, basis[c], DB_PER_NEPER, row.byteOffset);
      series.values.set(row.subarray(0, frameCount), c * series.stride);
    }
  };
}

interface CepstraFamilySpec extends CepstraSpec {
  readonly family: string;
  readonly prefix: string;
  readonly title: (index: number) => string;
  readonly definition: string;
  readonly help: string;
  readonly statistics: (index: number) => readonly Statistic[];
}

function createCepstraFamily(spec: CepstraFamilySpec): FeatureFamily {
  const rows = Array.from({ length: spec.coefficientCount }, (_, i): RowSpec => {
    const index = spec.firstCoefficient + i;
    return {
      name: `${spec.prefix}_${twoDigits(index)}`,
      unit: 'dB',
      title: spec.title(index),
      definition: `coefficient ${index} of ${spec.definition}`,
      help: spec.help,
      statistics: spec.statistics(index),
    };
  });
  return createSeriesFamily({
    family: spec.family,
    rows,
    createFill: (isWanted) => createCepstra(spec, isWanted),
  });
}

const DYNAMICS_HELP =
  'Cloned voices often move too smoothly or too erratically from one instant to the next; the fine coefficients show it first.';

export const mfccFamily = createCepstraFamily({
  bank: MEL_BANK,
  firstCoefficient: 1,
  coefficientCount: 19,
  family: 'mfcc',
  prefix: 'mfcc',
  title: (index) => `Tone colour as heard, detail ${index}`,
  definition: 'the mel-frequency cepstrum (40 Slaney mel bands to 7.6 kHz, dB, orthonormal DCT-II)',
  help: DYNAMICS_HELP,
  statistics: () => ['mean', 'std', 'delta_std', 'delta2_std', 'delta_range'],
});

export const lfccFamily = createCepstraFamily({
  bank: LINEAR_BANK,
  firstCoefficient: 0,
  coefficientCount: 20,
  family: 'lfcc',
  prefix: 'lfcc',
  title: (index) => `Tone colour over all frequencies alike, detail ${index}`,
  definition: 'the linear-frequency cepstrum (40 equal bands to 7.6 kHz, dB, orthonormal DCT-II)',
  help: DYNAMICS_HELP,
  // Coefficient 0 is the level: its mean is set by the levelling.
  statistics: (index) =>
    index === 0 ? ['std', 'delta_std', 'delta2_std'] : ['mean', 'std', 'delta_std', 'delta2_std'],
});

export const narrowMfccFamily = createCepstraFamily({
  bank: NARROW_MEL_BANK,
  firstCoefficient: 1,
  coefficientCount: 13,
  family: 'narrow_cepstra',
  prefix: 'nb_mfcc',
  title: (index) => `Tone colour within telephone range, detail ${index}`,
  definition: 'the mel cepstrum of 250 to 3,400 Hz (24 bands)',
  help: 'The same signs as in the full range, read only where a telephone line carries sound.',
  statistics: () => ['std', 'delta_std', 'delta2_std'],
});

export const narrowLfccFamily = createCepstraFamily({
  bank: NARROW_LINEAR_BANK,
  firstCoefficient: 1,
  coefficientCount: 13,
  family: 'narrow_cepstra',
  prefix: 'nb_lfcc',
  title: (index) => `Tone colour within telephone range, even detail ${index}`,
  definition: 'the linear cepstrum of 250 to 3,400 Hz (24 bands)',
  help: 'The same signs as in the full range, read only where a telephone line carries sound.',
  statistics: () => ['std', 'delta_std', 'delta2_std'],
});
