import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';

const uploadSchema = z.object({
  bytes: z.number(),
  modified_ms: z.number(),
  upload_id: z.string(),
  expires_at: z.string(),
});
const stateSchema = z.object({
  format: z.literal(1),
  server: z.string(),
  /** By path within the folder; of an archive the one with the empty path. */
  uploads: z.record(z.string(), uploadSchema),
  batch_id: z.string().nullable(),
  /** Makes the handing over safe to repeat. */
  idempotency_key: z.string(),
});

export type BatchState = z.infer<typeof stateSchema>;
export type KnownUpload = z.infer<typeof uploadSchema>;

/** How far an earlier run came; null where there was none, or with another service. */
export async function readState(file: string, server: string): Promise<BatchState | null> {
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return null;
  const parsed = stateSchema.safeParse(parseJson(text));
  return parsed.success && parsed.data.server === server ? parsed.data : null;
}

export function freshState(server: string): BatchState {
  return { format: 1, server, uploads: {}, batch_id: null, idempotency_key: crypto.randomUUID() };
}

/** Whole or not at all, whenever the process ends. */
export async function writeState(file: string, state: BatchState): Promise<void> {
  const fresh = `${file}.new`;
  await writeFile(fresh, JSON.stringify(state));
  await rename(fresh, file);
}

export async function removeState(file: string): Promise<void> {
  await rm(file, { force: true });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
