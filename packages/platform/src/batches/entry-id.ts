import { createHash } from 'node:crypto';

/** The four bits of a UUID's version 7 and the two of its variant (RFC 9562, 5.7). */
const VERSION = 0x70;
const VARIANT = 0x80;

/**
 * The id of the analysis of an entry, always the same for the same entry and round: taking an entry in twice makes
 * nothing twice. A UUIDv7 of the batch's own time, in the order of the archive up to a million entries, and as hard
 * to guess as the id of the batch.
 */
export function entryAnalysisId(batchId: string, index: number, round: number): string {
  const id = Buffer.from(batchId.replaceAll('-', ''), 'hex');
  const page = index >> 8;
  createHash('sha256').update(`${batchId}/${index}/${round}`).digest().copy(id, 10, 0, 6);
  id[6] = VERSION | ((page >> 8) & 0x0f);
  id[7] = page & 0xff;
  id[8] = VARIANT | (round & MAX_ROUND);
  id[9] = index & 0xff;
  const hex = id.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** How often what failed may be tried again: what the id of an entry's analysis has room for. */
export const MAX_ROUND = 0x3f;

/** Of which round of its batch the analysis of an entry is. */
export function roundOfEntry(analysisId: string): number {
  return parseInt(analysisId.slice(19, 21), 16) & MAX_ROUND;
}
