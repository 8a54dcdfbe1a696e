import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Ensemble } from '@bonafide/contracts';
import { loadDetector } from '@bonafide/pipeline';

export const ROOT = path.join(__dirname, '../..');
export const GOLDEN_FILE = path.join(__dirname, 'fixtures/scores-golden.json');
/** How far p_fake may move while nothing but the speed is meant to change. */
export const TOLERANCE = 1e-4;
export const REGENERATE = 'npm run scores -- --write';

const ENSEMBLES: readonly Ensemble[] = ['classic', 'full'];
/** Lossless ones: what a lossy one decodes to depends on the decoder's version. */
export const GOLDEN_CLIPS = ['fake-en.wav', 'real-en-3s.wav', 'real-it.flac', 'call-two-channels.flac'].map(
  (name) => `tests/fixtures/${name}`,
);

/** p_fake by ensemble; or the code of what is wrong with the clip. */
export type ClipScores = Partial<Record<Ensemble, number>> | { error: string };
/** What a bundle makes of clips; the digest is over its members' and tells one bundle from another. */
export type ScoreSheet = { model_version: string; members: string; clips: Record<string, ClipScores> };

/** Scores every clip by every ensemble of the bundle in `modelsDir`. Paths are taken from `folder`. */
export async function scoreClips(
  modelsDir: string,
  { folder, clips }: { folder: string; clips: readonly string[] },
): Promise<ScoreSheet> {
  const detector = await loadDetector({ modelsDir, ffmpegPath: process.env.FFMPEG_PATH ?? 'ffmpeg' });
  const { version, members, ensembles } = detector.manifest;
  const sheet: ScoreSheet = {
    model_version: version,
    members: members.map(({ name, sha256 }) => `${name}:${sha256.slice(0, 12)}`).join(' '),
    clips: {},
  };
  const wanted = ENSEMBLES.filter((ensemble) => ensembles[ensemble] !== undefined);
  for (const clip of clips) {
    const scores: Partial<Record<Ensemble, number>> = {};
    try {
      for (const ensemble of wanted) {
        const report = await detector.detect(path.join(folder, clip), { filename: clip, ensemble });
        scores[ensemble] = report.p_fake;
      }
      sheet.clips[clip] = scores;
    } catch (error) {
      sheet.clips[clip] = { error: (error as { code?: string }).code ?? String(error) };
    }
  }
  await detector.close();
  return sheet;
}

export type Move = { clip: string; by: number };

/** How far each clip of `before` has moved, the farthest first; a clip that now fails, or fails otherwise, by 1. */
export function movesBetween(before: ScoreSheet, after: ScoreSheet): Move[] {
  return Object.entries(before.clips)
    .map(([clip, scores]) => ({ clip, by: distance(scores, after.clips[clip]) }))
    .sort((a, b) => b.by - a.by);
}

function distance(before: ClipScores, after: ClipScores | undefined): number {
  if (after === undefined) return 1;
  if ('error' in before || 'error' in after) return JSON.stringify(before) === JSON.stringify(after) ? 0 : 1;
  const ensembles = Object.keys(before) as Ensemble[];
  return Math.max(0, ...ensembles.map((name) => Math.abs((before[name] ?? 0) - (after[name] ?? 1))));
}

export function readSheet(file: string): ScoreSheet {
  return JSON.parse(readFileSync(file, 'utf8')) as ScoreSheet;
}
