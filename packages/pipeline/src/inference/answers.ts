import type { Member } from '@bonafide/contracts';

/** Column 1 of `probabilities` [N, 2]: class 1 is fake. */
export function fakeColumn({ name }: Pick<Member, 'name'>, data: Float32Array, count: number): number[] {
  if (data.length !== 2 * count) throw new Error(`${name} answered ${data.length} numbers for ${count} rows`);
  return Array.from({ length: count }, (_, row) => finite(name, data[2 * row + 1]));
}

/** One that hears the sound itself. */
export type HeardMember = Exclude<Member, { kind: 'features' }>;

/** p_fake of one window, 0..1, from whatever the model answers with. */
export function readAnswer(member: HeardMember, data: Float32Array): number {
  const pFakes = readAnswers(member, data);
  if (pFakes.length !== 1) throw new Error(`${member.name} answered ${data.length} numbers for one window`);
  return pFakes[0];
}

/** The same of several, one after the other. */
export function readAnswers(member: HeardMember, data: Float32Array): number[] {
  const { name, answers = 'probabilities', fake_column: column = 1 } = member;
  const width = answers === 'logit' ? 1 : 2;
  if (data.length % width !== 0) throw new Error(`${name} answered ${data.length} numbers, not pairs`);
  return Array.from({ length: data.length / width }, (_, at) => {
    const of = (side: number) => data[at * width + side];
    if (answers === 'probabilities') return finite(name, of(column));
    // The softmax of two is the logistic function of their difference.
    const logit = answers === 'logit' ? of(0) : of(column) - of(1 - column);
    return finite(name, 1 / (1 + Math.exp(-logit)));
  });
}

function finite(name: string, pFake: number): number {
  if (!Number.isFinite(pFake)) throw new Error(`${name} answered ${pFake}`);
  return pFake;
}
