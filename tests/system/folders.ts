import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export const ROOT = resolve(__dirname, '../..');

export function fixture(name: string): string {
  return join(ROOT, 'tests/fixtures', name);
}

export async function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'bonafide-test-'));
}
