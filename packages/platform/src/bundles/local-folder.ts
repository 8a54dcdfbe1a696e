import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MANIFEST, type ShelvedBundle } from './shelved-bundle';

/** A folder of this machine that holds what is needed to load the bundle, as long as `use` takes. */
export async function withLocalFolder<T>(
  bundle: ShelvedBundle,
  workFolder: string,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  if (bundle.place === 'models') return use(bundle.name);
  const folder = await mkdtemp(join(workFolder, 'bundle-'));
  try {
    for (const file of [MANIFEST, ...bundle.manifest.members.map((member) => member.file)]) {
      const bytes = await bundle.read(file);
      if (bytes) await writeFile(join(folder, file), bytes);
    }
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
