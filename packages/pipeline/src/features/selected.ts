/** The 154 features that the models read, in the order of their columns. */
const numbers = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => String(from + i));
const padded = (from: number, to: number): string[] => numbers(from, to).map((n) => n.padStart(2, '0'));
const cross = (stems: readonly string[], endings: readonly string[]): string[] =>
  stems.flatMap((stem) => endings.map((ending) => `${stem}_${ending}`));

export const SELECTED: readonly string[] = [
  ...cross(
    padded(1, 13).map((n) => `mfcc_${n}`),
    ['mean', 'std', 'delta_std', 'delta2_std'],
  ),
  ...cross(
    padded(0, 19).map((n) => `lfcc_${n}`),
    ['std', 'delta_std'],
  ),
  ...cross(
    numbers(1, 8).map((n) => `band_${n}`),
    ['mean', 'std'],
  ),
  ...cross(
    ['centroid', 'spread', 'rolloff', 'flatness', 'flux'].map((n) => `spectral_${n}`),
    ['mean', 'std'],
  ),
  ...cross(
    ['2', '3', '4', '5'].map((n) => `contrast_${n}`),
    ['mean', 'std'],
  ),
  ...cross(['modulation_2', 'modulation_3'], numbers(1, 5)),
  'f0_std',
  'f0_iqr',
  'voiced_ratio',
  'jitter_local',
  'jitter_rap',
  'shimmer_local',
  'hnr_mean',
  'hnr_std',
  'pause_ratio',
  ...cross(['frequency_deviation_1', 'frequency_deviation_2', 'frequency_deviation_3'], ['mean']),
  ...cross(['group_delay_spread_1', 'group_delay_spread_2', 'group_delay_spread_3'], ['mean']),
  'prediction_gain_mean',
  'residual_kurtosis_mean',
  'sample_kurtosis',
];
