import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import { SAMPLES } from '../src/pages/analyse/samples.ts';

/** Puts the recordings to try beside the pages, from the fixtures of the tests. */
export function samples(): Plugin {
  const fixtures = join(import.meta.dirname, '../../../tests/fixtures');
  return {
    name: 'samples',
    apply: 'build',
    generateBundle() {
      for (const { file } of SAMPLES) {
        const path = join(fixtures, file);
        if (!existsSync(path)) this.error(`the sample ${file} is not among the fixtures`);
        this.emitFile({ type: 'asset', fileName: `samples/${file}`, source: readFileSync(path) });
      }
    },
  };
}
