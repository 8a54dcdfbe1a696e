import { readFileSync } from 'node:fs';
import { SHORT_CLIP } from './material';

/**
 * The same short clip with other bytes behind its sound each time: the service would answer the same bytes from
 * what it knows.
 */
export function distinctClips(file: string = SHORT_CLIP): () => Buffer {
  const clip = readFileSync(file);
  let count = 0;
  return () => {
    const tail = Buffer.alloc(8);
    tail.writeBigUInt64LE(BigInt(Date.now()) * 1_000_000n + BigInt(count++));
    return Buffer.concat([clip, tail]);
  };
}
