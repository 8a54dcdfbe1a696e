import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Manifest } from '@bonafide/contracts';
import { scoreClip } from '../../packages/pipeline/src/clip-score';
import { turnsDuring } from './turns';

const [HOP_SEC, WINDOW_SEC, STRETCH_HOP_SEC, STRETCH_SEC] = [2, 4, 0.5, 1.5];
const STRETCHES_A_WINDOW = 6;

/** `scoring-turns.ts BUNDLE HOURS RUNS`: scores so long a recording by logits made up, prints each run's turns in ms. */
async function run([bundle, hours, runs]: readonly string[]): Promise<void> {
  const manifest = JSON.parse(readFileSync(path.join(bundle, 'manifest.json'), 'utf8')) as Manifest;
  const counted = Array.from({ length: (Number(hours) * 3600) / HOP_SEC }, (_, at) => at);
  const windows = counted.map((at) => ({
    startSec: at * HOP_SEC,
    endSec: at * HOP_SEC + WINDOW_SEC,
    speechRatio: 0.9,
    distance: 1,
    logits: Object.fromEntries(manifest.members.map(({ name }) => [name, 2 * Math.sin(at)])),
  }));
  const stretches = counted.flatMap((at) =>
    Array.from({ length: STRETCHES_A_WINDOW }, (_, place) => {
      const startSec = at * HOP_SEC + place * STRETCH_HOP_SEC;
      return { startSec, endSec: startSec + STRETCH_SEC, speechRatio: 0.9, logit: 3 * Math.sin(at + place) };
    }),
  );
  stretches.sort((a, b) => a.startSec - b.startSec || a.endSec - b.endSec);
  const turns: number[][] = [];
  for (let at = 0; at < Number(runs); at++) {
    turns.push(await turnsDuring(() => scoreClip(windows, manifest, 'full', stretches)));
  }
  console.log(JSON.stringify(turns));
}

void run(process.argv.slice(2));
