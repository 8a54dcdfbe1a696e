import type { Manifest, Member } from '@bonafide/contracts';
import { uniformNoise } from '../signal/noise';
import { resample } from '../signal/resample';
import { BundleError } from './bundle';
import type { LoadedMembers } from './members';

/** The shortest window that an analysis gives. */
const SHORTEST_SEC = 0.5;

/**
 * Has every member answer once what an analysis asks it, since a graph's inputs and names do not tell whether it
 * runs, nor what its output is. @throws BundleError naming the first that does not
 */
export async function tryMembers(manifest: Manifest, members: LoadedMembers): Promise<void> {
  const means = Float32Array.from(manifest.features, ({ mean }) => mean);
  for (const { member, score } of members.features) await answered(member, () => score(means));
  for (const { member, hear } of members.heard) {
    for (const lengthSec of [manifest.window_sec, SHORTEST_SEC]) {
      const noise = uniformNoise(Math.round(lengthSec * manifest.sample_rate));
      await answered(member, () => hear(resample(noise, manifest.sample_rate, member.sample_rate)));
    }
  }
}

/** What a member answers; that it does not is the bundle's fault. @throws BundleError */
export async function answered<T>({ name, file }: Member, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    throw new BundleError(file, `does not answer (members.${name}): ${(cause as Error).message}`, { cause });
  }
}
