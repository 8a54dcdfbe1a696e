import type { Member } from '@bonafide/contracts';
import { fakeColumn } from './answers';
import { type Bundle, BundleError } from './bundle';
import { openHeardMember, type HeardScorer } from './heard-member';
import { openSession, type Session } from './session';

type FeatureMember = Extract<Member, { kind: 'features' }>;

/** Rows a call: the runtime holds the event loop while it computes, 50 ms at the very most. */
const MAX_BATCH_ROWS = 16;

/** A loaded model that scores feature rows: row-major float32 in, one raw p_fake a row out. */
export type FeatureScorer = { member: FeatureMember; score: (rows: Float32Array) => Promise<number[]> };

export type LoadedMembers = {
  features: readonly FeatureScorer[];
  /** Those that hear the sound itself. */
  heard: readonly HeardScorer[];
  close(): Promise<void>;
};

/**
 * Opens one session a member and checks its input and output against the manifest.
 * @throws BundleError
 */
export async function openMembers(bundle: Bundle): Promise<LoadedMembers> {
  const features: FeatureScorer[] = [];
  const heard: HeardScorer[] = [];
  const sessions: Session[] = [];
  const close = async () => void (await Promise.all(sessions.map((session) => session.close())));
  try {
    for (const member of bundle.manifest.members) {
      const session = await openSession(bundle.files.get(member.name)!).catch((cause) => {
        throw new BundleError(member.file, 'is not a model that can be loaded', { cause });
      });
      sessions.push(session);
      checkNames(member, session);
      if (member.kind === 'features') features.push(openFeatureMember(member, session));
      else heard.push(openHeardMember(member, session, bundle.manifest));
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { features, heard, close };
}

function checkNames(member: Member, session: Session): void {
  if (!session.inputShape(member.input))
    throw new BundleError(member.file, `has no input ${member.input} (members.${member.name}.input)`);
  if (!session.hasOutput(member.output)) {
    throw new BundleError(member.file, `has no output ${member.output} (members.${member.name}.output)`);
  }
}

function openFeatureMember(member: FeatureMember, session: Session): FeatureScorer {
  const shape = session.inputShape(member.input) ?? [];
  const [rows, columns] = shape;
  if (shape.length !== 2 || typeof rows === 'number' || columns !== member.columns) {
    throw new BundleError(
      member.file,
      `input ${member.input} is [${shape.join(', ')}], expected [N, ${member.columns}]`,
    );
  }
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
