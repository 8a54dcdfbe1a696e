import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { PartName } from './arguments';
import type { PartResult } from './figure';

const FILE = path.join(__dirname, 'results.json');

/** `load_before`: what else the machine had to do, as its load average had it. */
export type StoredPart = PartResult & { measured_at: string; load_before: number };
export type Results = Partial<Record<PartName, StoredPart>>;

export function readResults(): Results {
  return existsSync(FILE) ? (JSON.parse(readFileSync(FILE, 'utf8')) as Results) : {};
}

/** Replaces one part; what the others were is kept. */
export function saveResults(part: PartName, result: StoredPart): void {
  const all = { ...readResults(), [part]: result };
  const sorted = Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(FILE, `${JSON.stringify(sorted, null, 2)}\n`);
}
