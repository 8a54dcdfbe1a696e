import type { Ensemble, Manifest } from '@bonafide/contracts';
import { calibratedLogit, ownLogit } from './ensemble/fusion';
import { sigmoid } from './ensemble/logit';
import { compare } from './inference/parity';

/**
 * Whether calibration, fusion and pooling make of what the members answer to the manifest's samples what the manifest
 * says: the members' own answers tell nothing of a weight that was turned round. An ensemble to which a member without
 * a sample was added is left aside.
 * @throws BundleError naming the first row that comes out otherwise
 */
export function checkFusedParity(manifest: Manifest): void {
  const heard = Object.assign(
    {},
    ...(manifest.parity?.noise ?? []).map(({ expected }) => expected),
  ) as object;
  for (const [at, { expected, p_fake }] of (manifest.parity?.rows ?? []).entries()) {
    const raw: Readonly<Record<string, number>> = { ...heard, ...expected };
    for (const [ensemble, stated] of Object.entries(p_fake ?? {}) as [Ensemble, number][]) {
      const isSampled = manifest.ensembles[ensemble].fusion.members.every((name) => name in raw);
      if (isSampled)
        compare(`parity.rows.${at}.p_fake.${ensemble}`, pFakeOf(manifest, ensemble, raw), stated);
    }
  }
}

/** Of a recording of one window to which the members give these raw answers. */
function pFakeOf(
  { members, ensembles }: Manifest,
  ensemble: Ensemble,
  raw: Readonly<Record<string, number>>,
): number {
  const logits = members.map(({ name, calibration }) => [name, calibratedLogit(raw[name], calibration)]);
  return sigmoid(ownLogit(Object.fromEntries(logits) as Record<string, number>, ensembles[ensemble]));
}
