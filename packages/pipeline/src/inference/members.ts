import type { Member } from '@bonafide/contracts';
import { type Bundle, BundleError } from './bundle';
import { openHeardMember, type HeardScorer } from './heard-member';
import { answerRows } from './rows';
import { type Session, startModelThread } from './session';

type FeatureMember = Extract<Member, { kind: 'features' }>;

/** A loaded model that scores feature rows: row-major float32 in, one raw p_fake a row out. */
export type FeatureScorer = { member: FeatureMember; score: (rows: Float32Array) => Promise<number[]> };

export type LoadedMembers = {
  features: readonly FeatureScorer[];
  /** Those that hear the sound itself. */
  heard: readonly HeardScorer[];
  close(): Promise<void>;
};

/** Opens one session a member, all in one thread, and checks its input and output against the manifest. @throws BundleError */
export async function openMembers(bundle: Bundle): Promise<LoadedMembers> {
  const features: FeatureScorer[] = [];
  const heard: HeardScorer[] = [];
  const thread = startModelThread();
  try {
    for (const member of bundle.manifest.members) {
      const session = await thread.open(bundle.files.get(member.name)!).catch((cause) => {
        throw new BundleError(member.file, 'is not a model that can be loaded', { cause });
      });
      checkNames(member, session);
      if (member.kind === 'features') features.push(openFeatureMember(member, session));
      else heard.push(openHeardMember(member, session, bundle.manifest));
    }
  } catch (error) {
    await thread.close();
    throw error;
  }
  return { features, heard, close: () => thread.close() };
}

function checkNames(member: Member, session: Session): void {
  if (!session.inputShape(member.input))
    throw new BundleError(member.file, `has no input ${member.input} (members.${member.name}.input)`);
  if (!session.outputNames.includes(member.output)) {
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
  return { member, score: (rows) => answerRows(session, member, rows) };
}
