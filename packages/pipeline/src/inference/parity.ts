import type { Manifest } from '@bonafide/contracts';
import { uniformNoise } from '../signal/noise';
import { BundleError } from './bundle';
import type { LoadedMembers } from './members';
import { answered } from './trial';

/** Other processors round differently; a wrong model is off by far more. */
const TOLERANCE = 1e-4;

/** Has the members answer what the manifest says that they answer. @throws BundleError naming the first that does not */
export async function checkParity({ features, parity }: Manifest, members: LoadedMembers): Promise<void> {
  for (const [at, { features: row, expected }] of (parity?.rows ?? []).entries()) {
    if (row.length !== features.length) {
      throw new BundleError(
        'manifest.json',
        `parity.rows.${at}: ${row.length} features, not ${features.length}`,
      );
    }
    for (const { member, score } of members.features) {
      const [answer] = await answered(member, () => score(Float32Array.from(row)));
      compare(`parity.rows.${at}.expected.${member.name}`, answer, expected[member.name]);
    }
  }
  for (const [at, { seed, samples, expected }] of (parity?.noise ?? []).entries()) {
    for (const { member, hear } of members.heard) {
      if (expected[member.name] === undefined) continue;
      const { pFake } = await answered(member, () => hear(uniformNoise(samples, seed)));
      compare(`parity.noise.${at}.expected.${member.name}`, pFake, expected[member.name]);
    }
  }
}

/** @throws BundleError where the answer is another */
export function compare(field: string, answer: number, expected: number | undefined): void {
  if (expected === undefined || Math.abs(answer - expected) <= TOLERANCE) return;
  throw new BundleError('manifest.json', `${field} is ${expected}, but the model answers ${answer}`);
}
