import { z } from 'zod';

/** A day stands for its first moment, UTC. */
export const momentSchema = z.union([z.iso.datetime({ offset: true }), z.iso.date()]);

export const DEFAULT_PAGE_SIZE = 50;
export const MAX_PAGE_SIZE = 200;

/** Where a page goes on. Its text means nothing to clients: base64url of whatever the list sorts by. */
export const cursorSchema = z
  .string()
  .max(1_024)
  .regex(/^[A-Za-z0-9_-]+$/);

/** Query of every list. */
export const pageQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(MAX_PAGE_SIZE).default(DEFAULT_PAGE_SIZE),
  cursor: cursorSchema.optional(),
});

/** Answer of every list. `next_cursor` is null on the last page. */
export function pageSchema<S extends z.ZodType>(item: S) {
  return z.object({ items: z.array(item), next_cursor: cursorSchema.nullable() });
}

export type PageQuery = z.infer<typeof pageQuerySchema>;
export type Page<T> = { items: T[]; next_cursor: string | null };
