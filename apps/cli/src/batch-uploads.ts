import { createHash } from 'node:crypto';
import { createReadStream, openAsBlob } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Client } from '@bonafide/client';
import { listFiles } from './analyze-files';
import { writeState, type BatchState, type KnownUpload } from './batch-state';
import { accessProblem } from './file-access';
import { UsageError } from './usage-error';

/** A file to hand over; `path` is within the folder, empty for the archive itself. */
export type Source = { path: string; file: string; bytes: number; modifiedMs: number };

const LANES = 4;
/** An upload that ends sooner than this is made anew: a batch takes a while to read them all. */
const EXPIRY_MARGIN_MS = 15 * 60_000;

/** @throws UsageError where there is nothing to hand over */
export async function findSources(
  target: string,
): Promise<{ kind: 'folder' | 'archive'; sources: Source[] }> {
  const info = await stat(target).catch(() => undefined);
  if (!info) throw new UsageError(`there is no ${target}`);
  if (info.isFile()) return { kind: 'archive', sources: [await sourceOf(target, '')] };
  const files: string[] = [];
  for (const file of await listFiles([target])) {
    const problem = await accessProblem(file);
    if (!problem) files.push(file);
    // A link that leads nowhere is left out; what is there and cannot be read would be missed.
    else if (problem.code !== 'not_found') throw new UsageError(`${file}: ${problem.message}`);
  }
  const sources = await Promise.all(files.map((file) => sourceOf(file, path.relative(target, file))));
  if (sources.length === 0) throw new UsageError(`there are no recordings in ${target}`);
  return { kind: 'folder', sources };
}

async function sourceOf(file: string, name: string): Promise<Source> {
  const { size, mtimeMs } = await stat(file);
  return { path: name.split(path.sep).join('/'), file, bytes: size, modifiedMs: mtimeMs };
}

export type Uploading = {
  client: Client;
  state: BatchState;
  stateFile: string;
  signal: AbortSignal;
  onProgress: (done: number) => void;
};

/** Uploads what is not up yet, a few at a time; after each one the state says so. */
export async function uploadAll(sources: readonly Source[], uploading: Uploading): Promise<void> {
  const { state, onProgress, signal } = uploading;
  const missing = sources.filter((source) => !isUp(source, state.uploads[source.path]));
  let done = sources.length - missing.length;
  onProgress(done);
  let writing = Promise.resolve();
  const lane = async () => {
    for (let source = missing.shift(); source; source = missing.shift()) {
      signal.throwIfAborted();
      state.uploads[source.path] = await upload(source, uploading);
      writing = writing.then(() => writeState(uploading.stateFile, state));
      await writing;
      onProgress(++done);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

function isUp({ bytes, modifiedMs }: Source, known: KnownUpload | undefined): boolean {
  if (known?.bytes !== bytes || known.modified_ms !== modifiedMs) return false;
  return Date.parse(known.expires_at) > Date.now() + EXPIRY_MARGIN_MS;
}

async function upload(source: Source, { client, signal }: Uploading): Promise<KnownUpload> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(source.file), hash, { signal });
  const filename = path.basename(source.file);
  const wish = { length: source.bytes, sha256: hash.digest('hex'), filename };
  const announced = await client.uploads.create(wish, { signal });
  await client.uploads.send(announced, await openAsBlob(source.file), { signal });
  const { upload_id, expires_at } = announced;
  return { bytes: source.bytes, modified_ms: source.modifiedMs, upload_id, expires_at };
}
