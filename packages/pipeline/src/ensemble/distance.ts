import type { Manifest } from '@bonafide/contracts';

/** One wild feature shall not outweigh all others: standardised values are held within this, as in training. */
const MAX_DEVIATION = 8;

/**
 * Distance of a window from the training windows: features standardised, projected on the principal axes,
 * each projection divided by its standard deviation, root mean square over the axes. 1 is a typical
 * training window (Mahalanobis 1936, restricted to the leading axes).
 */
export function createDistance(
  manifest: Pick<Manifest, 'features' | 'distribution'>,
): (row: Float32Array) => number {
  const means = Float64Array.from(manifest.features, (feature) => feature.mean);
  const scales = Float64Array.from(manifest.features, (feature) => 1 / feature.std);
  const { axes, variances } = manifest.distribution;
  const standard = new Float64Array(means.length);
  return (row) => {
    if (axes.length === 0) return 0;
    for (let i = 0; i < standard.length; i++) {
      standard[i] = Math.max(-MAX_DEVIATION, Math.min(MAX_DEVIATION, (row[i] - means[i]) * scales[i]));
    }
    let sum = 0;
    for (let a = 0; a < axes.length; a++) {
      const axis = axes[a];
      let projection = 0;
      for (let i = 0; i < axis.length; i++) projection += axis[i] * standard[i];
      sum += (projection * projection) / variances[a];
    }
    return Math.sqrt(sum / axes.length);
  };
}
