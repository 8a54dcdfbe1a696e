import { calibratedLogit, type MemberLogits } from './ensemble/fusion';
import type { LoadedMembers } from './inference/members';

/** Windows whose features wait to be scored in one call a member. */
const BATCH_WINDOWS = 16;

type Pending = {
  row: Float32Array;
  logits: MemberLogits;
  deliver: (logits: MemberLogits) => void;
};

/** Calibrated logits of a window by the members that hear it, and of its short stretches by the one that tells of them. */
export type HeardWindow = { logits: MemberLogits; stretches: readonly number[] };

/** Scores windows by every member in use: waveforms at once, feature rows in batches. */
export type WindowScorer = {
  hear(waveformAt: (rateHz: number) => Float32Array): Promise<HeardWindow>;
  /** Calls `deliver` with the logits of all members, at the latest when `flush` has ended. */
  add(row: Float32Array, heard: HeardWindow, deliver: Pending['deliver']): Promise<void>;
  flush(): Promise<void>;
};

export function createWindowScorer(members: LoadedMembers, used: ReadonlySet<string>): WindowScorer {
  const waveform = members.heard.filter((scorer) => used.has(scorer.member.name));
  let pending: Pending[] = [];

  async function flush(): Promise<void> {
    if (pending.length === 0) return;
    const batch = pending;
    pending = [];
    const logits = await scoreRows(
      members,
      used,
      batch.map((entry) => entry.row),
    );
    batch.forEach((entry, i) => entry.deliver({ ...entry.logits, ...logits[i] }));
  }

  return {
    flush,
    async hear(waveformAt) {
      const logits: Record<string, number> = {};
      const stretches: number[] = [];
      for (const { member, hear } of waveform) {
        const { name, sample_rate, calibration } = member;
        const heard = await hear(waveformAt(sample_rate));
        logits[name] = calibratedLogit(heard.pFake, calibration);
        stretches.push(...heard.stretches.map((pFake) => calibratedLogit(pFake, calibration)));
      }
      return { logits, stretches };
    },
    async add(row, { logits }, deliver) {
      pending.push({ row, logits, deliver });
      if (pending.length >= BATCH_WINDOWS) await flush();
    },
  };
}

/** Calibrated logits of the members that look at features, one record a row. */
export async function scoreRows(
  members: LoadedMembers,
  used: ReadonlySet<string>,
  rows: readonly Float32Array[],
): Promise<Record<string, number>[]> {
  const joined = joinRows(rows);
  const scores: Record<string, number>[] = rows.map(() => ({}));
  for (const { member, score } of members.features) {
    if (!used.has(member.name)) continue;
    const raw = await score(joined);
    raw.forEach((pFake, i) => (scores[i][member.name] = calibratedLogit(pFake, member.calibration)));
  }
  return scores;
}

/** Row-major; a number that is not finite would be scored without a word, so it stops here. */
function joinRows(rows: readonly Float32Array[]): Float32Array {
  const width = rows[0].length;
  const joined = new Float32Array(rows.length * width);
  rows.forEach((row, i) => joined.set(row, i * width));
  const bad = joined.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw new RangeError(`feature ${bad % width} of a window is ${joined[bad]}`);
  return joined;
}
