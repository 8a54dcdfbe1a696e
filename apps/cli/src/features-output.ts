import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClipFeatures, WindowFeatures } from './features-of-clip';

/** The folder that training reads: matrices of float32 little endian, and lines of JSON in the same order. */
export interface FeaturesOutput {
  write(clip: ClipFeatures): Promise<void>;
  close(): Promise<void>;
}

async function send(stream: WriteStream, chunk: string | Buffer): Promise<void> {
  if (!stream.write(chunk)) await once(stream, 'drain');
}

function bytesOf(values: Float32Array): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}

function windowLine(id: string, window: WindowFeatures): string {
  return `${JSON.stringify({
    id,
    start_sec: window.startSec,
    end_sec: window.endSec,
    speech_ratio: window.speechRatio,
    quality: window.quality,
  })}\n`;
}

/** Opens the folder `dir` for rows of the features `names`, with embeddings if there is an encoder. */
export async function openFeaturesOutput(
  dir: string,
  names: readonly string[],
  encoderPath: string | undefined,
): Promise<FeaturesOutput> {
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, 'names.json'), `${JSON.stringify(names)}\n`);
  const open = (name: string): WriteStream => createWriteStream(join(dir, name));
  const streams = {
    rows: open('features.f32'),
    windows: open('windows.jsonl'),
    errors: open('errors.jsonl'),
  };
  const embeddings = encoderPath === undefined ? undefined : open('embeddings.f32');
  let dimension = 0;
  return {
    async write(clip) {
      if (clip.error !== undefined)
        await send(streams.errors, `${JSON.stringify({ id: clip.id, ...clip.error })}\n`);
      for (const window of clip.windows) {
        await send(streams.rows, bytesOf(window.features));
        await send(streams.windows, windowLine(clip.id, window));
        if (embeddings !== undefined && window.embedding !== undefined) {
          dimension = window.embedding.length;
          await send(embeddings, bytesOf(window.embedding));
        }
      }
    },
    async close() {
      const all = [...Object.values(streams), ...(embeddings === undefined ? [] : [embeddings])];
      await Promise.all(all.map((stream) => once(stream.end(), 'finish')));
      if (embeddings !== undefined)
        await writeFile(join(dir, 'embeddings.json'), `${JSON.stringify({ dim: dimension })}\n`);
    },
  };
}
