import { createHash } from 'node:crypto';
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';

export type ZipEntry = {
  name: string | Buffer;
  data: Buffer | string;
  flags?: number;
  extra?: Buffer;
  /** Upper half of the external attributes on unix. */
  mode?: number;
  /** What the headers state instead of the truth. */
  stated?: { size?: number; packed?: number; crc?: number };
  method?: 'stored' | 'deflated';
  /** The content as another program packed it, by the method of this number. */
  packed?: { method: number; content: Buffer };
};

/** A zip as its specification has it (APPNOTE 4.3), which may also lie. */
export function zipOf(entries: readonly ZipEntry[], lie: { count?: number } = {}): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const name = Buffer.from(entry.name as string);
    const data = Buffer.from(entry.data as string);
    const deflated = entry.method === 'deflated' ? { method: 8, content: deflateRawSync(data) } : null;
    const { method, content } = entry.packed ?? deflated ?? { method: 0, content: data };
    const extra = entry.extra ?? Buffer.alloc(0);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(entry.flags ?? 0, 2);
    common.writeUInt16LE(method, 4);
    common.writeUInt32LE(entry.stated?.crc ?? crc32(data), 10);
    common.writeUInt32LE(entry.stated?.packed ?? content.length, 14);
    common.writeUInt32LE(entry.stated?.size ?? data.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, name, content]);
    common.writeUInt16LE(extra.length, 24);
    const central = Buffer.alloc(14);
    central.writeUInt32LE(((entry.mode ?? 0o100644) << 16) >>> 0, 6);
    central.writeUInt32LE(offset, 10);
    const madeByUnix = Buffer.from([20, 3]);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02'), madeByUnix, common, central, name, extra]));
    locals.push(local);
    offset += local.length;
  }
  const end = Buffer.alloc(18);
  end.writeUInt16LE(lie.count ?? entries.length, 4);
  end.writeUInt16LE(lie.count ?? entries.length, 6);
  end.writeUInt32LE(Buffer.concat(directory).length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, ...directory, Buffer.from('PK\x05\x06'), end]);
}

/** Names a file by UTF-8 beside a name in another encoding (APPNOTE 4.6.9). */
export function unicodePath(name: Buffer, shown: string): Buffer {
  const text = Buffer.from(shown);
  const field = Buffer.alloc(9);
  field.writeUInt16LE(0x7075, 0);
  field.writeUInt16LE(5 + text.length, 2);
  field.writeUInt8(1, 4);
  field.writeUInt32LE(crc32(name), 5);
  return Buffer.concat([field, text]);
}

/** States a size of 64 bits (APPNOTE 4.5.3). */
export function zip64Size(bytes: bigint): Buffer {
  const field = Buffer.alloc(12);
  field.writeUInt16LE(1, 0);
  field.writeUInt16LE(8, 2);
  field.writeBigUInt64LE(bytes, 4);
  return field;
}

export type TarEntry = {
  name: string;
  data?: Buffer | string;
  type?: 'file' | 'directory' | 'symlink' | 'link' | 'fifo' | 'character-device';
};

export async function tarOf(entries: readonly TarEntry[]): Promise<Buffer> {
  const tar = pack();
  for (const { name, data = '', type = 'file' } of entries) {
    if (type === 'file') tar.entry({ name }, data);
    else tar.entry({ name, type, ...(type.endsWith('link') && { linkname: 'elsewhere' }) });
  }
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks);
}

export const gzip = (content: Buffer) => gzipSync(content);

const BLOCK_BYTES = 100_000;

/**
 * A zstd frame whose blocks are not packed (RFC 8878, 3.1.1): what every decompressor must read. `checksum`: the lower
 * half of the content's XXH64.
 */
export function zstdOf(content: Buffer, checksum?: number): Buffer {
  const windowOf8MiB = 13 << 3;
  const hasChecksum = checksum === undefined ? 0 : 4;
  const parts: Buffer[] = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, hasChecksum, windowOf8MiB])];
  for (let at = 0; at < content.length || at === 0; at += BLOCK_BYTES) {
    const block = content.subarray(at, at + BLOCK_BYTES);
    const isLast = at + BLOCK_BYTES >= content.length ? 1 : 0;
    const header = Buffer.alloc(3);
    header.writeUIntLE((block.length << 3) | isLast, 0, 3);
    parts.push(header, block);
  }
  if (checksum !== undefined) {
    const end = Buffer.alloc(4);
    end.writeUInt32LE(checksum);
    parts.push(end);
  }
  return Buffer.concat(parts);
}

/** Opens like a recording and is none: an analysis that ends at once. Each number gives other bytes. */
export function rubbish(number: number): Buffer {
  const noise = createHash('sha256').update(String(number)).digest();
  return Buffer.concat([Buffer.from('RIFF\x40\0\0\0WAVE'), noise, noise]);
}
