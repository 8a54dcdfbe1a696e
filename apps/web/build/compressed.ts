import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

const TEXT = /\.(js|css|svg)$/;
const WORTH_BYTES = 1_024;

/** Lays a gzip and a Brotli twin beside each text file: compressing is the build's work, not each answer's. */
export function compressed(): Plugin {
  let folder = '';
  return {
    name: 'compressed',
    apply: 'build',
    configResolved: (config) => void (folder = resolve(config.root, config.build.outDir)),
    closeBundle: () => {
      for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
        if (!TEXT.test(entry)) continue;
        const content = readFileSync(join(folder, entry));
        if (content.length < WORTH_BYTES) continue;
        writeFileSync(join(folder, `${entry}.gz`), gzipSync(content, { level: 9 }));
        writeFileSync(join(folder, `${entry}.br`), brotliCompressSync(content));
      }
    },
  };
}
