import type { Member } from '@bonafide/contracts';
import { type Bundle, BundleError } from './bundle';
import { openSession, type Session } from './session';

type FeatureMember = Extract<Member, { kind: 'features' }>;
type WaveformMember = Extract<Member, { kind: 'waveform' }>;

/** Rows a call: the runtime holds the event loop while it computes, 50 ms at the very most. */
const MAX_BATCH_ROWS = 16;

/** A loaded model that scores feature rows: row-major float32 in, one raw p_fake a row out. */
export type FeatureScorer = { member: FeatureMember; score: (rows: Float32Array) => Promise<number[]> };

/** A loaded model that scores one window's waveform at its own rate. */
export type WaveformScorer = { member: WaveformMember; score: (samples: Float32Array) => Promise<number> };

export type LoadedMembers = {
  features: readonly FeatureScorer[];
  waveform: readonly WaveformScorer[];
  close(): Promise<void>;
};

/**
 * Opens one session a member and checks its input and output against the manifest.
 * @throws BundleError
 */
export async function openMembers(bundle: Bundle): Promise<LoadedMembers> {
  const features: FeatureScorer[] = [];
  const waveform: WaveformScorer[] = [];
  const sessions: Session[] = [];
  for (const member of bundle.manifest.members) {
    const session = await openSession(bundle.files.get(member.name)!).catch((cause) => {
      throw new BundleError(member.file, 'is not a model that can be loaded', { cause });
    });
    sessions.push(session);
    checkShapes(member, session);
    if (member.kind === 'features') features.push(featureScorer(member, session));
    else waveform.push(waveformScorer(member, session));
  }
  return {
    features,
    waveform,
    close: async () => void (await Promise.all(sessions.map((session) => session.close()))),
  };
}

function checkShapes(member: Member, session: Session): void {
  const shape = session.inputShape(member.input);
  if (!shape)
    throw new BundleError(member.file, `has no input ${member.input} (members.${member.name}.input)`);
  if (!session.hasOutput(member.output)) {
    throw new BundleError(member.file, `has no output ${member.output} (members.${member.name}.output)`);
  }
  const [rows, columns] = shape;
  const fits =
    member.kind === 'features'
      ? shape.length === 2 && typeof rows !== 'number' && columns === member.columns
      : shape.length === 2 && typeof columns !== 'number';
  if (!fits) {
    const expected = member.kind === 'features' ? `[N, ${member.columns}]` : '[1, N]';
    throw new BundleError(
      member.file,
      `input ${member.input} is [${shape.join(', ')}], expected ${expected}`,
    );
  }
}

function featureScorer(member: FeatureMember, session: Session): FeatureScorer {
  return {
    member,
    async score(rows) {
      const scores: number[] = [];
      const batchLength = MAX_BATCH_ROWS * member.columns;
      for (let start = 0; start < rows.length; start += batchLength) {
        const batch = rows.slice(start, start + batchLength);
        const count = batch.length / member.columns;
        const { data } = await session.run(member.input, batch, [count, member.columns], member.output);
        scores.push(...fakeColumn(member, data, count));
      }
      return scores;
    },
  };
}

function waveformScorer(member: WaveformMember, session: Session): WaveformScorer {
  return {
    member,
    async score(samples) {
      const { data } = await session.run(member.input, samples, [1, samples.length], member.output);
      return fakeColumn(member, data, 1)[0];
    },
  };
}

/** Column 1 of `probabilities` [N, 2]: class 1 is fake. */
function fakeColumn(member: Member, data: Float32Array, count: number): number[] {
  if (data.length !== 2 * count)
    throw new Error(`${member.name} answered ${data.length} numbers for ${count} rows`);
  return Array.from({ length: count }, (_, row) => {
    const pFake = data[2 * row + 1];
    if (!Number.isFinite(pFake)) throw new Error(`${member.name} answered ${pFake}`);
    return pFake;
  });
}
