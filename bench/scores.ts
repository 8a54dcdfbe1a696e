import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig } from '@bonafide/platform';
import {
  GOLDEN_CLIPS,
  GOLDEN_FILE,
  movesBetween,
  readSheet,
  ROOT,
  scoreClips,
  TOLERANCE,
} from '../tests/parity/clip-scores';

const USAGE = `Shows that p_fake has not moved.
  npm run scores -- --write                       write the golden scores of the fixtures anew: for a new bundle
  npm run scores -- [--against FILE]              compare the fixtures with them, or with FILE
  npm run scores -- --corpus DIR --out FILE       score every recording below DIR (before a change)
  npm run scores -- --corpus DIR --against FILE   compare with that (after it)
`;

async function run(): Promise<void> {
  const { values } = parseArgs({
    options: {
      ...{ write: { type: 'boolean' }, help: { type: 'boolean' } },
      ...{ corpus: { type: 'string' }, out: { type: 'string' }, against: { type: 'string' } },
    },
  });
  if (values.help) return void process.stdout.write(USAGE);
  const folder = values.corpus === undefined ? ROOT : path.resolve(values.corpus);
  const clips = values.corpus === undefined ? GOLDEN_CLIPS : recordingsBelow(folder);
  const sheet = await scoreClips(readConfig().analysis.modelsDir, { folder, clips });
  const out = values.write ? GOLDEN_FILE : values.out;
  if (out !== undefined) {
    writeFileSync(out, `${JSON.stringify(sheet, null, 2)}\n`);
    console.log(`${clips.length} clips scored by ${sheet.model_version}`);
    return;
  }
  const before = readSheet(values.against ?? GOLDEN_FILE);
  if (before.members !== sheet.members) console.log('Another bundle wrote the scores that these are beside.');
  const moves = movesBetween(before, sheet);
  const moved = moves.filter(({ by }) => by > TOLERANCE);
  console.log(
    `${moves.length} clips; the farthest moved by ${moves[0].by.toExponential(2)} (${moves[0].clip})`,
  );
  console.log(`${moved.length} moved by more than ${TOLERANCE}`);
  if (moved.length > 0) process.exitCode = 1;
}

function recordingsBelow(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && /\.[a-z0-9]{2,4}$/i.test(entry.name));
  return files
    .map((entry) => path.relative(folder, path.join(entry.parentPath ?? entry.path, entry.name)))
    .sort();
}

run().catch((error: unknown) => {
  console.error(`scores: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
