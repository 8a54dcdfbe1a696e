import { open, stat } from 'node:fs/promises';

export const sizeOf = async (path: string): Promise<number> => (await stat(path)).size;

export const readOpening = (path: string, mostBytes: number): Promise<Buffer> => readPart(path, 0, mostBytes);

/** Fewer bytes where the file ends before. */
export async function readPart(path: string, place: number, mostBytes: number): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(mostBytes), 0, mostBytes, place);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
