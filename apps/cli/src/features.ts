import { fork, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Augmentation, augmentationSchema } from '@bonafide/contracts';
import { FEATURES, SELECTED } from '@bonafide/pipeline';
import { childEnvironment, readConfig } from '@bonafide/platform';
import type { ChildMessage } from './features-child';
import type { ClipFeatures, FeaturesSetup, ListedClip } from './features-of-clip';
import { openFeaturesOutput, type FeaturesOutput } from './features-output';

/** Clips sent to a child ahead of its answers. */
const AHEAD = 3;

interface Answer {
  readonly index: number;
  readonly clip: ClipFeatures;
}

async function readList(path: string): Promise<ListedClip[]> {
  const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => JSON.parse(line) as ListedClip);
}

/** Writes answers in the order of the list, however they come. */
function createOrderedWriter(output: FeaturesOutput): (answer: Answer) => Promise<void> {
  const waiting = new Map<number, ClipFeatures>();
  let next = 0;
  let writing: Promise<void> = Promise.resolve();
  async function drain(): Promise<void> {
    for (let clip = waiting.get(next); clip !== undefined; clip = waiting.get(next)) {
      waiting.delete(next);
      next++;
      await output.write(clip);
    }
  }
  return ({ index, clip }) => {
    waiting.set(index, clip);
    writing = writing.then(drain);
    return writing;
  };
}

/**
 * Weights and tensors in pages of 2 MiB, where the system has them on request: matrix products walk through fewer, and
 * starting ffmpeg copies a shorter table of them. Workers do without: it takes 15 MiB more.
 */
const LARGE_PAGES = { GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1' };

function startChild(setup: FeaturesSetup): ChildProcess {
  const program = join(__dirname, `features-child${extname(__filename)}`);
  const child = fork(program, { serialization: 'advanced', env: childEnvironment(LARGE_PAGES) });
  child.send({ kind: 'setup', setup } satisfies ChildMessage);
  return child;
}

/** Has `jobs` processes take clips from one list as they become free. */
async function measureAll(
  clips: readonly ListedClip[],
  setup: FeaturesSetup,
  jobs: number,
  write: (answer: Answer) => Promise<void>,
): Promise<void> {
  let sent = 0;
  const send = (child: ChildProcess): void => {
    if (sent >= clips.length) return;
    const message: ChildMessage = { kind: 'clip', index: sent, clip: clips[sent] };
    sent++;
    child.send(message);
  };
  await Promise.all(
    Array.from({ length: Math.min(jobs, Math.max(1, clips.length)) }, () =>
      serve(startChild(setup), send, write),
    ),
  );

  function serve(child: ChildProcess, sendTo: typeof send, writeOut: typeof write): Promise<void> {
    return new Promise((resolve, reject) => {
      let open = 0;
      const feed = (): void => {
        while (open < AHEAD && sent < clips.length) {
          open++;
          sendTo(child);
        }
        if (open === 0) child.disconnect();
      };
      child.once('error', reject);
      child.once('exit', (code) =>
        open === 0 ? resolve() : reject(new Error(`A measuring process ended with ${code}`)),
      );
      child.on('message', (answer: Answer) => {
        writeOut(answer).then(() => {
          open--;
          feed();
        }, reject);
      });
      feed();
    });
  }
}

const USAGE = `Measures recordings for training, by the extractor of the service: the features of each window, and what an encoder
hears in it.

  npm run --silent features -- --list FILE.jsonl --out DIR [options]

  --list FILE       a line a recording: {"id": …, "path": …} and, where --augmentation is for it, "copies": true
  --out DIR         gets windows.jsonl, features.f32, names.json, errors.jsonl and, with an encoder, embeddings
  --names WHICH     selected (default): those that the models read; candidates: all that there are
  --augmentation A  as of a manifest, {"speeds": […], "windows": …}: copies.f32 gets short recordings at these speeds
  --encoder FILE    an ONNX graph whose first output is kept as the window's embedding
  --jobs N          processes (default: 1)
`;

function readAugmentation(given: string | undefined): Augmentation | undefined {
  if (given === undefined) return undefined;
  const { data } = augmentationSchema.safeParse(JSON.parse(given));
  if (!data) throw new Error('--augmentation is like {"speeds": [0.95], "windows": 2}');
  return data;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean', short: 'h' },
      list: { type: 'string' },
      out: { type: 'string' },
      names: { type: 'string', default: 'selected' },
      augmentation: { type: 'string' },
      encoder: { type: 'string' },
      jobs: { type: 'string', default: '1' },
    },
  });
  if (values.help) return void process.stdout.write(USAGE);
  if (values.list === undefined || values.out === undefined) throw new Error('--list and --out are needed');
  if (!['selected', 'candidates'].includes(values.names))
    throw new Error('--names is selected or candidates');
  const jobs = Number(values.jobs);
  if (!Number.isInteger(jobs) || jobs < 1) throw new Error('--jobs is a whole number from 1 on');
  const names = values.names === 'candidates' ? FEATURES.map(({ name }) => name) : SELECTED;
  const setup = {
    names,
    augmentation: readAugmentation(values.augmentation),
    encoderPath: values.encoder,
    ffmpegPath: readConfig().analysis.ffmpegPath ?? 'ffmpeg',
  };
  const clips = await readList(values.list);
  const output = await openFeaturesOutput(values.out, setup);
  await measureAll(clips, setup, jobs, createOrderedWriter(output));
  await output.close();
}

main().catch((error: unknown) => {
  process.stderr.write(`features: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
