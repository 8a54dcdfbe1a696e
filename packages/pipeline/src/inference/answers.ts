import type { Member } from '@bonafide/contracts';

/** Column 1 of `probabilities` [N, 2]: class 1 is fake. */
export function fakeColumn({ name }: Pick<Member, 'name'>, data: Float32Array, count: number): number[] {
  if (data.length !== 2 * count) throw new Error(`${name} answered ${data.length} numbers for ${count} rows`);
  return Array.from({ length: count }, (_, row) => finite(name, data[2 * row + 1]));
}

/** p_fake of one window, 0..1, from whatever the model answers with. */
export function readAnswer(member: Exclude<Member, { kind: 'features' }>, data: Float32Array): number {
  const { name, answers = 'probabilities', fake_column: column = 1 } = member;
  const wanted = answers === 'logit' ? 1 : 2;
  if (data.length !== wanted) throw new Error(`${name} answered ${data.length} numbers for one window`);
  if (answers === 'probabilities') return finite(name, data[column]);
  // The softmax of two is the logistic function of their difference.
  const logit = answers === 'logit' ? data[0] : data[column] - data[1 - column];
  return finite(name, 1 / (1 + Math.exp(-logit)));
}

function finite(name: string, pFake: number): number {
  if (!Number.isFinite(pFake)) throw new Error(`${name} answered ${pFake}`);
  return pFake;
}
