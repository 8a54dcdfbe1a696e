import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClipFeatures, FeaturesSetup, WindowFeatures } from './features-of-clip';

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

/** The rows of a window at `count` other speeds, NaN where it is not measured so. */
function copiesOf({ features, copies }: WindowFeatures, count: number): Float32Array {
  const rows = new Float32Array(count * features.length).fill(NaN);
  copies.forEach((copy, at) => rows.set(copy, at * features.length));
  return rows;
}

/** Opens the folder `dir`, with copies if there is an augmentation, with embeddings if there is an encoder. */
export async function openFeaturesOutput(
  dir: string,
  { names, augmentation, encoderPath }: FeaturesSetup,
): Promise<FeaturesOutput> {
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, 'names.json'), `${JSON.stringify(names)}\n`);
  const open = (name: string): WriteStream => createWriteStream(join(dir, name));
  const streams = {
    rows: open('features.f32'),
    windows: open('windows.jsonl'),
    errors: open('errors.jsonl'),
  };
  const copies = augmentation && open('copies.f32');
  const embeddings = encoderPath === undefined ? undefined : open('embeddings.f32');
  let dimension = 0;
  return {
    async write(clip) {
      if (clip.error !== undefined)
        await send(streams.errors, `${JSON.stringify({ id: clip.id, ...clip.error })}\n`);
      for (const window of clip.windows) {
        await send(streams.rows, bytesOf(window.features));
        await send(streams.windows, windowLine(clip.id, window));
        if (copies) await send(copies, bytesOf(copiesOf(window, augmentation.speeds.length)));
        if (embeddings !== undefined && window.embedding !== undefined) {
          dimension = window.embedding.length;
          await send(embeddings, bytesOf(window.embedding));
        }
      }
    },
    async close() {
      const all = [...Object.values(streams), copies, embeddings].filter((stream) => stream !== undefined);
      await Promise.all(all.map((stream) => once(stream.end(), 'finish')));
      if (embeddings !== undefined)
        await writeFile(join(dir, 'embeddings.json'), `${JSON.stringify({ dim: dimension })}\n`);
    },
  };
}
