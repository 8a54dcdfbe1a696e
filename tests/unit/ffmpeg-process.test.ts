import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { getPriority, tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { startFfmpeg } from '../../packages/pipeline/src/audio/ffmpeg-process';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bonafide-priority-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test('When ffmpeg runs on a core of ours, then it stands back behind us', async () => {
  const program = path.join(folder, 'ffmpeg');
  // Waits until it has been put behind, which its limit of processor time bounds.
  const told = `#!/bin/sh\nwhile [ "$(nice)" -le ${getPriority()} ]; do :; done; nice\n`;
  writeFileSync(program, told, { mode: 0o755 });
  const { stdout, exited } = startFfmpeg(program, [], { cpuSec: 5 });
  expect(Number(await text(stdout))).toBeGreaterThan(getPriority());
  expect(await exited).toBe(0);
});
