import { open } from 'node:fs/promises';

/** RFC 3533, section 6: 27 bytes, then a length for each of up to 255 segments of up to 255 bytes. */
const HEADER_BYTES = 27;
const LARGEST_PAGE_BYTES = HEADER_BYTES + 255 + 255 * 255;
const MARK = 'OggS';

/**
 * Whether an Ogg file ends within a page: it was not copied completely, which decoders do not say. One that ends
 * between two pages may be a recording that was never closed, and counts as whole.
 */
export async function endsWithinPage(path: string, sizeBytes: number): Promise<boolean> {
  const file = await open(path);
  try {
    const end = Buffer.alloc(Math.min(sizeBytes, LARGEST_PAGE_BYTES));
    await file.read(end, 0, end.length, sizeBytes - end.length);
    const page = end.subarray(Math.max(0, end.lastIndexOf(MARK, undefined, 'latin1')));
    if (page.length < HEADER_BYTES) return true;
    const segments = page.subarray(HEADER_BYTES, HEADER_BYTES + page[HEADER_BYTES - 1]);
    const pageBytes = segments.reduce((sum, bytes) => sum + bytes, HEADER_BYTES + page[HEADER_BYTES - 1]);
    return page.length < pageBytes;
  } finally {
    await file.close();
  }
}
