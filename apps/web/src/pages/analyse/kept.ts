import type { Analysis } from '@bonafide/contracts';
import { createStore, del, entries as storedEntries, set } from 'idb-keyval';
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

export const keepFile = (key: string, file: File) => orNothing(() => set(key, file, store()));
export const forgetFile = (key: string) => orNothing(() => del(key, store()));

export async function keptFiles(): Promise<{ key: string; file: File }[]> {
  try {
    const kept = await storedEntries<string, File>(store());
    return kept.map(([key, file]) => ({ key, file }));
  } catch {
    return [];
  }
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
