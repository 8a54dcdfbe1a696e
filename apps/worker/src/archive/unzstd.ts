import { setImmediate as nextTurn } from 'node:timers/promises';
import { CodedError } from '@bonafide/contracts';
import { Decompress } from 'fzstd';
import {
  createIntake,
  damaged,
  readBlock,
  readFrame,
  required,
  type Frame,
  type Intake,
} from './zstd-frames';

/** Four bytes may unpack to 128 KiB: small pieces keep one step short. */
const PIECE_BYTES = 1_024;
const STEP_MS = 20;

type Hash = { update(input: Uint8Array): unknown; digest(): bigint };

/**
 * Unpacks zstd frames, and holds what came out against the checksum where a frame has one.
 * @throws CodedError `archive_damaged`
 */
export async function* unzstd(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const { default: xxhash } = await import('xxhash-wasm');
  const hashes = await xxhash();
  const intake = createIntake(packed);
  const breathe = createBreath();
  for (let frame = await readFrame(intake); frame; frame = await readFrame(intake)) {
    if (frame.kind === 'data') yield* unpackFrame(intake, frame, { hash: hashes.create64(), breathe });
    else for await (const _ of intake.pass(frame.bytes, PIECE_BYTES)) await breathe();
  }
}

/** Lets the event loop turn once a step of work is done, over however many frames. */
function createBreath(): () => Promise<void> {
  let beganMs = performance.now();
  return async () => {
    if (performance.now() - beganMs <= STEP_MS) return;
    await nextTurn();
    beganMs = performance.now();
  };
}

async function* unpackFrame(
  intake: Intake,
  frame: Extract<Frame, { kind: 'data' }>,
  { hash, breathe }: { hash: Hash; breathe: () => Promise<void> },
): AsyncGenerator<Buffer> {
  let unpacked: Buffer[] = [];
  const decoder = new Decompress((block) => {
    if (block.length > 0) unpacked.push(Buffer.from(block));
  });
  for await (const piece of piecesOf(intake, frame)) {
    const fault = push(decoder, piece);
    for (const each of unpacked) {
      hash.update(each);
      yield each;
    }
    if (fault) throw fault;
    unpacked = [];
    // Of the hash the lower half (RFC 8878, 3.1.1).
    if (
      piece.isLast &&
      frame.hasChecksum &&
      piece.bytes.readUInt32LE() !== Number(hash.digest() & 0xffffffffn)
    ) {
      throw damaged('is not what it was packed from, by its checksum');
    }
    await breathe();
  }
}

type Piece = { bytes: Buffer; isLast: boolean };

/** Last comes the checksum, or nothing where there is none. */
async function* piecesOf(
  intake: Intake,
  { header, hasChecksum }: Extract<Frame, { kind: 'data' }>,
): AsyncGenerator<Piece> {
  const more = (bytes: Buffer): Piece => ({ bytes, isLast: false });
  yield more(header);
  for (let isLastBlock = false; !isLastBlock;) {
    const block = await readBlock(intake);
    yield more(block.header);
    for await (const bytes of intake.pass(block.bytes, PIECE_BYTES)) yield more(bytes);
    isLastBlock = block.isLast;
  }
  yield { bytes: await required(intake, hasChecksum ? 4 : 0), isLast: true };
}

/** @returns what is wrong with the piece: what came out of it before counts all the same */
function push(decoder: Decompress, { bytes, isLast }: Piece): CodedError | null {
  try {
    decoder.push(bytes, isLast);
    return null;
  } catch (error) {
    return error instanceof CodedError ? error : damaged('cannot be unpacked', error);
  }
}
