import { loadDetector } from '../../packages/pipeline/src';
import { turnsDuring } from './turns';

/** As a worker does, where nothing else is said. */
const WARM_UP_ROUNDS = 8;

/** `event-loop-turns.ts MODELS FFMPEG CLIP RUNS`: analyses with all members, prints the turns of each run in ms. */
async function run([modelsDir, ffmpegPath, clip, runs]: readonly string[]): Promise<void> {
  const detector = await loadDetector({ modelsDir, ffmpegPath, warmUpRounds: WARM_UP_ROUNDS });
  const turns: number[][] = [];
  for (let at = 0; at < Number(runs); at++) {
    turns.push(await turnsDuring(() => detector.detect(clip, { filename: clip, ensemble: 'full' })));
  }
  await detector.close();
  console.log(JSON.stringify(turns));
}

void run(process.argv.slice(2));
