import { correlation, quantileOfSorted } from '../signal/statistics';
import { bandAt, inKilohertz, type FeatureDefinition, type FeatureFamily } from './family';
import {
  CLAMP_DB,
  createFineSpectrum,
  FINE_BIN_COUNT,
  FINE_BIN_HZ,
  type FineSpectrum,
  raggedness,
} from './fine-spectrum';

/**
 * How ragged the long-term spectrum is: what departs from its running median along frequency, of the mean over speech
 * frames in dB and of the deviation over them; and how these departures, and those of the skewness over the frames, go
 * together.
 */
const BANDS_HZ = [160, 1000, 2000, 3400, 5200, 7600] as const;
const bandEdges = BANDS_HZ.map((hz) => Math.min(FINE_BIN_COUNT, Math.round(hz / FINE_BIN_HZ)));
const bandNumbers = BANDS_HZ.slice(1).map((_, b) => b);
const SHARES = [0.01, 0.05, 0.95, 0.99] as const;

/** RMS and the quantiles SHARES of what departs in one band. */
function statisticsOf(rest: Float64Array): number[] {
  let squares = 0;
  for (const value of rest) squares += value * value;
  const sorted = rest.slice().sort();
  return [
    Math.sqrt(squares / Math.max(1, rest.length)),
    ...SHARES.map((share) => quantileOfSorted(sorted, share)),
  ];
}

interface Words {
  readonly name: string;
  readonly title: string;
  readonly of: string;
  readonly help: string;
}

const SPECTRA: readonly Words[] = [
  {
    name: 'fine_level',
    title: 'Raggedness of the average spectrum',
    of: 'mean over speech frames in dB',
    help: 'Rooms and microphones leave notches and peaks of their own in the long run, which synthesis tends to smooth.',
  },
  {
    name: 'fine_change',
    title: 'Raggedness of how the spectrum changes',
    of: 'deviation over speech frames in dB',
    help: 'How much neighbouring frequencies come and go together shows whether one throat moved them.',
  },
];

const STATISTICS: readonly (Omit<Words, 'help'> & { unit: string })[] = [
  { name: 'rms', title: 'size', of: 'root mean square', unit: 'dB' },
  { name: 'p01', title: 'deepest notches', of: '1st percentile', unit: 'dB' },
  { name: 'p05', title: 'notches', of: '5th percentile', unit: 'dB' },
  { name: 'p95', title: 'peaks', of: '95th percentile', unit: 'dB' },
  { name: 'p99', title: 'highest peaks', of: '99th percentile', unit: 'dB' },
];

const definitionsOf = (spectrum: Words): FeatureDefinition[] =>
  bandNumbers.flatMap((b) => {
    const range = inKilohertz(bandAt(BANDS_HZ, b));
    return STATISTICS.map(({ name, title, of, unit }) => ({
      name: `${spectrum.name}_${b + 1}_${name}`,
      family: 'fine_structure',
      unit,
      title: `${spectrum.title} at ${range}, ${title}`,
      definition: `${of} over bins of 10.8 Hz at ${range} of the ${spectrum.of} less its running median over 205 Hz, within ${CLAMP_DB} dB`,
      help: spectrum.help,
      bandHz: bandAt(BANDS_HZ, b),
    }));
  });

type Row = keyof FineSpectrum;

const PAIRS: readonly (Words & { pair: readonly [Row, Row] })[] = [
  {
    name: 'level_change',
    pair: ['level', 'change'],
    title: 'Average and change of single frequencies together',
    of: 'mean and of the deviation',
    help: 'What stands out of a recorded voice comes and goes with it; what a machine adds stays.',
  },
  {
    name: 'level_skewness',
    pair: ['level', 'skewness'],
    title: 'Average and lopsided change of single frequencies together',
    of: 'mean and of the skewness',
    help: 'Whether single frequencies are mostly there and sometimes missing, or the other way round.',
  },
  {
    name: 'change_skewness',
    pair: ['change', 'skewness'],
    title: 'Change and lopsided change of single frequencies together',
    of: 'deviation and of the skewness',
    help: 'Whether single frequencies change by dropping out or by bursting in.',
  },
];

const pairDefinitions: FeatureDefinition[] = bandNumbers.flatMap((b) => {
  const range = inKilohertz(bandAt(BANDS_HZ, b));
  return PAIRS.map(({ name, title, of, help }) => ({
    name: `fine_${name}_${b + 1}`,
    family: 'fine_structure',
    unit: '1',
    title: `${title} at ${range}`,
    definition: `correlation over bins of 10.8 Hz at ${range} of the ${of} over speech frames, both in dB less their running medians over 205 Hz`,
    help,
    bandHz: bandAt(BANDS_HZ, b),
  }));
});

export const fineStructureFamily: FeatureFamily = {
  definitions: [...SPECTRA.flatMap(definitionsOf), ...pairDefinitions],
  createMeasure() {
    const spectrumOf = createFineSpectrum();
    return (analysis, out, offset) => {
      const { level, change, skewness } = spectrumOf(analysis);
      const rest = { level: raggedness(level), change: raggedness(change), skewness: raggedness(skewness) };
      const bandOf = (row: Row, b: number): Float64Array =>
        rest[row].subarray(bandEdges[b], bandEdges[b + 1]);
      let at = offset;
      for (const row of ['level', 'change'] as const) {
        for (const b of bandNumbers) for (const value of statisticsOf(bandOf(row, b))) out[at++] = value;
      }
      for (const b of bandNumbers) {
        for (const { pair } of PAIRS) out[at++] = correlation(bandOf(pair[0], b), bandOf(pair[1], b));
      }
    };
  },
};
