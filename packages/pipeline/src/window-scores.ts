import { calibratedLogit, type MemberLogits } from './ensemble/fusion';
import type { LoadedMembers } from './inference/members';

/** Windows whose features wait to be scored in one call a member. */
const BATCH_WINDOWS = 16;

type Pending = {
  row: Float32Array;
  logits: Record<string, number>;
  deliver: (logits: MemberLogits) => void;
};

/** Scores windows by every member in use: waveforms at once, feature rows in batches. */
export type WindowScorer = {
  /**
   * Calls `deliver` with the calibrated logits, at the latest when `flush` has ended. Answers those of the window's
   * short stretches, where a member tells of them.
   */
  add(
    row: Float32Array,
    waveformAt: (rateHz: number) => Float32Array,
    deliver: Pending['deliver'],
  ): Promise<readonly number[]>;
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
    async add(row, waveformAt, deliver) {
      const logits: Record<string, number> = {};
      const stretches: number[] = [];
      for (const { member, hear } of waveform) {
        const { name, sample_rate, calibration } = member;
        const heard = await hear(waveformAt(sample_rate));
        logits[name] = calibratedLogit(heard.pFake, calibration);
        stretches.push(...heard.stretches.map((pFake) => calibratedLogit(pFake, calibration)));
      }
      pending.push({ row, logits, deliver });
      if (pending.length >= BATCH_WINDOWS) await flush();
      return stretches;
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
