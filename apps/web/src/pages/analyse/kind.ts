import { ARCHIVE_OPENING_BYTES, opensAsArchive } from '@bonafide/contracts';

/** What a file is handed in as. */
export type Kind = 'recording' | 'archive';

const NAME = /\.(zip|tar|tgz|tar\.gz|tar\.zst|jsonl)$/i;

/** By its name, else by how it opens: an archive may be called anything. */
export async function kindOf(file: File): Promise<Kind> {
  if (NAME.test(file.name)) return 'archive';
  // What cannot be read says so when it is sent.
  const opening = await file
    .slice(0, ARCHIVE_OPENING_BYTES)
    .arrayBuffer()
    .catch(() => new ArrayBuffer());
  return opensAsArchive(new Uint8Array(opening)) ? 'archive' : 'recording';
}
