import type { Analysis } from '@bonafide/contracts';
import { createStore, del, get, keys, set } from 'idb-keyval';
import type { Entry } from './intake';

/** Files on their way up; gone as soon as the service has them. */
const store = () => createStore('bonafide', 'outgoing');
const LISTED = 'bonafide-listed';
const MAX_LISTED = 200;

/** A browser may refuse to keep things (private windows); then a reload loses what was not handed over. */
const orNothing = async (work: () => Promise<unknown>) =>
  void (await Promise.resolve()
    .then(work)
    .catch(() => {}));

/** Keeps a file that this tab sends, and the other tabs off it. */
export async function keepFile(key: string, file: File): Promise<void> {
  await claim(key);
  await orNothing(() => set(key, file, store()));
}

export async function forgetFile(key: string): Promise<void> {
  await orNothing(() => del(key, store()));
  releases.get(key)?.();
  releases.delete(key);
}

export async function keptKeys(): Promise<string[]> {
  try {
    return await keys(store());
  } catch {
    return [];
  }
}

/** A file that nobody sends: this tab does from now on. Null where another one is at it or has done it. */
export async function takeKept(key: string): Promise<File | null> {
  if ((await claim(key)) === 'theirs') return null;
  const file = await get<File>(key, store()).catch(() => undefined);
  if (file) return file;
  await forgetFile(key);
  return null;
}

/** A page that was just left may not have let go of its files yet. */
const CLAIM_PATIENCE_MS = 1_000;
const releases = new Map<string, () => void>();

/** Held for as long as this tab is there. Pages that came by plain HTTP have no locks: each takes what it finds. */
function claim(key: string): Promise<'ours' | 'theirs'> {
  const { locks } = navigator as Partial<Navigator>;
  if (!locks) return Promise.resolve('ours');
  return new Promise((resolve) => {
    const hold = () => {
      resolve('ours');
      return new Promise<void>((release) => releases.set(key, release));
    };
    const signal = AbortSignal.timeout(CLAIM_PATIENCE_MS);
    locks.request(`bonafide-outgoing-${key}`, { signal }, hold).catch(() => resolve('theirs'));
  });
}

type Listed = Pick<Entry, 'key' | 'filename' | 'bytes' | 'kind' | 'stage' | 'path'> & { id?: string };

/** What this tab has handed over, by name and address alone: the results are read again from the service. */
export function rememberResults(entries: readonly Entry[]): void {
  const listed: Listed[] = entries
    .filter(({ stage }) => stage === 'accepted' || stage === 'handed_in')
    .slice(0, MAX_LISTED)
    .map(({ key, filename, bytes, kind, stage, path, analysis }) => ({
      ...{ key, filename, bytes, kind, stage, path },
      id: analysis?.id,
    }));
  try {
    sessionStorage.setItem(LISTED, JSON.stringify(listed));
  } catch {
    // The list then ends with the page; the history has everything.
  }
}

export function listedResults(): Entry[] {
  try {
    const listed = JSON.parse(sessionStorage.getItem(LISTED) ?? '[]') as Listed[];
    return listed.map(({ id, ...entry }) => ({
      ...entry,
      sent: 1,
      ...(id && { analysis: { id, status: 'queued', progress: 0 } as Analysis }),
    }));
  } catch {
    return [];
  }
}
