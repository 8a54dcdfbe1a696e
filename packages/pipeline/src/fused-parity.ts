import type { Ensemble, Manifest } from '@bonafide/contracts';
import { calibratedLogit, fuseLogits, plattLogit } from './ensemble/fusion';
import { sigmoid } from './ensemble/logit';
import { BundleError } from './inference/bundle';

const TOLERANCE = 1e-4;

/**
 * Whether calibration, fusion and pooling make of what the members answer to the manifest's samples what the manifest
 * says: the members' own answers tell nothing of a weight that was turned round.
 * @throws BundleError naming the first row that comes out otherwise
 */
export function checkFusedParity(manifest: Manifest): void {
  const heard = Object.assign(
    {},
    ...(manifest.parity?.noise ?? []).map(({ expected }) => expected),
  ) as object;
  for (const [at, { expected, p_fake }] of (manifest.parity?.rows ?? []).entries()) {
    for (const [ensemble, stated] of Object.entries(p_fake ?? {}) as [Ensemble, number][]) {
      const made = pFakeOfWindow(manifest, ensemble, { ...heard, ...expected });
      // Not a number where a member that was added to the ensemble has no sample: then there is nothing to hold it against.
      if (Number.isNaN(made) || Math.abs(made - stated) <= TOLERANCE) continue;
      const field = `parity.rows.${at}.p_fake.${ensemble}`;
      throw new BundleError('manifest.json', `${field} is ${stated}, but the ensemble makes ${made} of it`);
    }
  }
}

/** Of a recording of one window to which the members give these raw answers. */
function pFakeOfWindow(
  { members, ensembles }: Manifest,
  ensemble: Ensemble,
  raw: Readonly<Record<string, number>>,
): number {
  const { fusion, pooling } = ensembles[ensemble];
  const logits = Object.fromEntries(
    members.map(({ name, calibration }) => [name, calibratedLogit(raw[name], calibration)]),
  );
  return sigmoid(plattLogit(fuseLogits(logits, fusion), pooling.calibration));
}
