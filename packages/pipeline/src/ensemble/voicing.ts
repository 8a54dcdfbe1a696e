/** Of the frames that are loud enough to be speech, those that have a pitch. */
export const VOICED_FEATURE = 'voiced_ratio';

/**
 * Mean share of voiced frames over the windows, 0..1. Noise that comes and goes as loud as speech has no pitch: what
 * is not voiced at all is not spoken.
 *
 * @param names of the columns of each row; VOICED_FEATURE is among them
 */
export function createVoicedShare(names: readonly string[]): (rows: readonly Float32Array[]) => number {
  const column = names.indexOf(VOICED_FEATURE);
  return (rows) => rows.reduce((sum, row) => sum + row[column], 0) / Math.max(1, rows.length);
}
