import { ProblemError } from '@bonafide/client';
import { isBatchOver, withoutInvisible, type Analysis, type Batch } from '@bonafide/contracts';
import { effect, signal } from '@preact/signals';
import { newId } from '../../calls/http';
import { may, session } from '../../calls/session';
import {
  followAnalysis,
  followBatch,
  isOver,
  isWorthRepeating,
  isWorthSendingAgain,
  pause,
} from '../../calls/follow';
import { upload } from '../../calls/upload';
import { kindOf, type Kind } from './kind';
import { forgetFile, keepFile, keptKeys, listedResults, rememberResults, takeKept } from './kept';

/** One recording on its way, as the list shows it. */
export type Entry = {
  key: string;
  filename: string;
  bytes: number;
  kind: Kind;
  /** `handed_in`: with the service, and nothing to this browser's key any more, which may not read. */
  stage: 'waiting' | 'uploading' | 'retrying' | 'accepted' | 'handed_in' | 'refused';
  /** Of the upload, 0..1. */
  sent: number;
  /** Where its result is, or will be. */
  path?: string;
  analysis?: Analysis;
  /** Of an archive. */
  batch?: Batch;
  error?: Error;
  /** Refused for a reason that may pass: its file is kept. */
  canRetry?: boolean;
};

const UPLOADS_AT_ONCE = 2;
const RETRY_MS = [1_000, 2_000, 4_000, 8_000];

export const entries = signal<readonly Entry[]>([]);

const files = new Map<string, File>();
const cancels = new Map<string, AbortController>();
let uploading = 0;

const change = (key: string, values: Partial<Entry>) => {
  entries.value = entries.value.map((entry) => (entry.key === key ? { ...entry, ...values } : entry));
  rememberResults(entries.value);
};

const entryOf = async (key: string, file: File): Promise<Entry> => ({
  key,
  filename: withoutInvisible(file.name),
  bytes: file.size,
  kind: await kindOf(file),
  stage: 'waiting',
  sent: 0,
});

/** Takes files in. @returns their keys; each goes up as its turn comes, and survives a reload until then. */
export async function takeIn(given: readonly File[]): Promise<string[]> {
  const added = given.map((file) => ({ key: newId(), file }));
  for (const { key, file } of added) files.set(key, file);
  const fresh = await Promise.all(added.map(({ key, file }) => entryOf(key, file)));
  entries.value = [...fresh, ...entries.value];
  await Promise.all(added.map(({ key, file }) => keepFile(key, file)));
  void sendNext();
  return added.map(({ key }) => key);
}

/** Picks up what a reload interrupted: files not yet handed over, and results awaited. */
export async function takeUp(): Promise<void> {
  await cleaning;
  if (entries.value.length > 0) return;
  const results = listedResults();
  entries.value = results;
  for (const entry of results) {
    const id = entry.path?.split('/').at(-1);
    if (id && !isFinished(entry)) void follow(entry, id);
  }
  await Promise.all((await keptKeys()).map(takeUpFile));
}

async function takeUpFile(key: string): Promise<void> {
  // What was accepted just before the reload may not have been forgotten yet, and what is new here is kept as well.
  if (entries.value.some((entry) => entry.key === key)) return;
  const file = await takeKept(key);
  if (!file) return;
  files.set(key, file);
  const entry = await entryOf(key, file);
  entries.value = [entry, ...entries.value];
  void sendNext();
}

async function sendNext(): Promise<void> {
  if (uploading >= UPLOADS_AT_ONCE) return;
  const next = entries.value.findLast(({ stage }) => stage === 'waiting');
  if (!next) return;
  uploading += 1;
  change(next.key, { stage: 'uploading' });
  void sendNext();
  const isDone = await send(next).then(
    () => true,
    (error: Error) => {
      const canRetry = mayPass(error);
      change(next.key, { stage: 'refused', error, canRetry });
      return !canRetry;
    },
  );
  if (isDone) {
    await forgetFile(next.key);
    files.delete(next.key);
  }
  uploading -= 1;
  void sendNext();
}

/** Another key, or the service on another day, may take in what was refused so. */
const mayPass = (error: Error) =>
  error instanceof ProblemError && [401, 403, 500, 507].includes(error.problem.status);

/** Once more, by hand. */
export function retry(key: string): void {
  change(key, { stage: 'waiting', sent: 0, error: undefined, canRetry: undefined });
  void sendNext();
}

async function send(entry: Entry): Promise<void> {
  const file = files.get(entry.key);
  if (!file) return;
  const abort = new AbortController();
  cancels.set(entry.key, abort);
  for (let failures = 0; ; failures += 1) {
    try {
      const accepted = await upload<Analysis>({
        url: entry.kind === 'archive' ? '/v1/batches' : '/v1/analyses',
        file,
        filename: entry.filename,
        // The same on every try: what got through once is not taken in twice.
        idempotencyKey: entry.key,
        onProgress: (sent) => change(entry.key, { stage: 'uploading', sent }),
        signal: abort.signal,
      });
      accept(entry, accepted);
      return;
    } catch (error) {
      if (!isWorthSendingAgain(error)) throw error;
      change(entry.key, { stage: 'retrying', sent: 0 });
      const asked = error instanceof ProblemError ? (error.retryAfterSec ?? 0) * 1000 : 0;
      await pause(Math.max(asked, RETRY_MS[Math.min(failures, RETRY_MS.length - 1)]), abort.signal);
    }
  }
}

function accept(entry: Entry, accepted: Analysis): void {
  if (!may('read')) {
    change(entry.key, { stage: 'handed_in' });
    return;
  }
  const { id } = accepted;
  change(
    entry.key,
    entry.kind === 'archive'
      ? { stage: 'accepted', path: `/batches/${id}` }
      : { stage: 'accepted', path: `/analyses/${id}`, analysis: accepted },
  );
  void follow(entry, id);
}

async function follow({ key, kind }: Entry, id: string): Promise<void> {
  const abort = cancels.get(key) ?? new AbortController();
  cancels.set(key, abort);
  const onError = (error: Error) => {
    if (!isWorthRepeating(error)) change(key, { stage: 'refused', error });
  };
  const heard = { onError, signal: abort.signal };
  if (kind === 'archive') await followBatch(id, { ...heard, onChange: (batch) => change(key, { batch }) });
  else await followAnalysis(id, { ...heard, onChange: (analysis) => change(key, { analysis }) });
}

/** Takes an entry off the list; what is on its way up is given up, what is accepted goes on. */
export function dismiss(key: string): void {
  cancels.get(key)?.abort();
  entries.value = entries.value.filter((entry) => entry.key !== key);
  rememberResults(entries.value);
  void forgetFile(key);
}

export const isFinished = ({ stage, canRetry, analysis, batch }: Entry) =>
  (stage === 'refused' && !canRetry) ||
  stage === 'handed_in' ||
  (stage === 'accepted' &&
    ((analysis !== undefined && isOver(analysis)) || (batch !== undefined && isBatchOver(batch.status))));

export function dismissFinished(): void {
  for (const { key } of entries.value.filter(isFinished)) dismiss(key);
}

/** Whose the list is, for as long as the browser keeps files that were not handed over. */
const OWNER = 'bonafide-owner';

let cleaning: Promise<void> = Promise.resolve();

/** Nothing of one tenant is shown to another, or goes up by its key. */
effect(() => {
  const owner = session.value?.principal?.tenant;
  if (owner === undefined) return;
  const before = localStorage.getItem(OWNER);
  if (before !== null && before !== owner) cleaning = forgetAll();
  localStorage.setItem(OWNER, owner);
});

/** Everything that was handed in here, and the files that were not. */
export async function forgetAll(): Promise<void> {
  for (const { key } of entries.peek()) dismiss(key);
  rememberResults([]);
  for (const key of await keptKeys()) await forgetFile(key);
}
