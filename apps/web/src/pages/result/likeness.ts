/** What a stretch resembles, as far as can be said. */
export type Likeness = 'real' | 'fake' | 'unsure' | 'none';

/** Odds of less than two to one say little of a stretch, of which there are many in a recording. */
const SURE = 2 / 3;

/** @param pFake of the stretch, 0..1; null where nobody speaks */
export function likenessOf(pFake: number | null): Likeness {
  if (pFake === null) return 'none';
  if (pFake >= SURE) return 'fake';
  return pFake <= 1 - SURE ? 'real' : 'unsure';
}
