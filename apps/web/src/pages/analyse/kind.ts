/** What a file is handed in as. */
export type Kind = 'recording' | 'archive';

const NAME = /\.(zip|tar|tgz|tar\.gz|tar\.zst|jsonl)$/i;
const OPENING_BYTES = 262;
/** How zip (also an empty one), gzip and zstd open, and what a tar says behind its first name. */
const SIGNS: readonly { at: number; bytes: readonly number[] }[] = [
  { at: 0, bytes: [0x50, 0x4b, 0x03, 0x04] },
  { at: 0, bytes: [0x50, 0x4b, 0x05, 0x06] },
  { at: 0, bytes: [0x1f, 0x8b] },
  { at: 0, bytes: [0x28, 0xb5, 0x2f, 0xfd] },
  { at: 257, bytes: [0x75, 0x73, 0x74, 0x61, 0x72] },
];

/** By its name, else by how it opens: an archive may be called anything. */
export async function kindOf(file: File): Promise<Kind> {
  if (NAME.test(file.name)) return 'archive';
  const opening = await file
    .slice(0, OPENING_BYTES)
    .arrayBuffer()
    .then(
      (bytes) => new Uint8Array(bytes),
      () => new Uint8Array(),
    );
  const opensAs = ({ at, bytes }: (typeof SIGNS)[number]) =>
    bytes.every((byte, i) => opening[at + i] === byte);
  return SIGNS.some(opensAs) ? 'archive' : 'recording';
}
