import { isTarHeader } from '@bonafide/contracts';

/** Tar goes in blocks (POSIX.1-2017, pax, "ustar Interchange Format"); places within one are bytes. */
const BLOCK_BYTES = 512;
const SIZE_AT = 124;
const SIZE_END = 136;
const BINARY_SIZE_AT = 128;
const TYPE_AT = 156;
const DIRECTORY = '5'.charCodeAt(0);
/** A file with holes in GNU tar's own format, and where its map says that it goes on (`struct sparse_header`). */
const GNU_SPARSE = 'S'.charCodeAt(0);
const GOES_ON_AT = 482;
const MAP_GOES_ON_AT = 504;

/**
 * Where in a tar we are: so many blocks belong to the last header, or the next one is more of its map. `put` bytes
 * have been handed on before the piece at hand.
 */
type Walk = { left: number; isInMap: boolean; behindMap: number; put: number; sparse: Set<number> };

/**
 * A tar without the blocks in which GNU tar goes on with the map of a file that has more than four stretches of
 * data: they stand between header and content and are counted in neither, and tar-stream takes them for the content.
 * Nothing else is touched.
 * @param sparse is told where in what is left the contents of such files begin, since tar-stream does not know them
 */
export async function* withoutSparseMaps(
  tar: AsyncIterable<Buffer>,
  sparse: Set<number>,
): AsyncGenerator<Buffer> {
  const walk: Walk = { left: 0, isInMap: false, behindMap: 0, put: 0, sparse };
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of tar) {
    const piece = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const end = piece.length - (piece.length % BLOCK_BYTES);
    for (const part of withoutMaps(piece.subarray(0, end), walk)) {
      walk.put += part.length;
      yield part;
    }
    rest = piece.subarray(end);
  }
  if (rest.length > 0) yield rest;
}

function* withoutMaps(blocks: Buffer, walk: Walk): Generator<Buffer> {
  let from = 0;
  for (let at = 0; at < blocks.length;) {
    if (walk.left > 0) {
      const passed = Math.min(walk.left, (blocks.length - at) / BLOCK_BYTES);
      walk.left -= passed;
      at += passed * BLOCK_BYTES;
      continue;
    }
    const block = blocks.subarray(at, at + BLOCK_BYTES);
    if (walk.isInMap) {
      if (at > from) yield blocks.subarray(from, at);
      from = at + BLOCK_BYTES;
      if (block[MAP_GOES_ON_AT] === 0) Object.assign(walk, { isInMap: false, left: walk.behindMap });
    } else {
      passHeader(block, walk);
      if (block[TYPE_AT] === GNU_SPARSE) walk.sparse.add(walk.put + at - from + BLOCK_BYTES);
    }
    at += BLOCK_BYTES;
  }
  if (from < blocks.length) yield blocks.subarray(from);
}

/** What is no header where one is to be is not understood, and so nothing behind it is. */
function passHeader(block: Buffer, walk: Walk): void {
  const count = isTarHeader(block) ? Math.ceil(contentBytes(block) / BLOCK_BYTES) : Infinity;
  walk.isInMap = block[TYPE_AT] === GNU_SPARSE && block[GOES_ON_AT] !== 0 && Number.isFinite(count);
  walk.behindMap = count;
  walk.left = walk.isInMap ? 0 : count;
}

function contentBytes(header: Buffer): number {
  if (header[TYPE_AT] === DIRECTORY) return 0;
  if (header[SIZE_AT] >= 0x80) return Number(header.readBigUInt64BE(BINARY_SIZE_AT));
  const [text] = header.toString('latin1', SIZE_AT, SIZE_END).split('\0', 1);
  const bytes = text.trim() === '' ? 0 : parseInt(text, 8);
  return bytes >= 0 ? bytes : Infinity;
}
