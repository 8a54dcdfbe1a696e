import { type Batch, type BatchItem, isBatchOver } from '@bonafide/contracts';

export type BatchCaller = {
  create(archive: Buffer, filename: string, fields?: Record<string, string>): Promise<Batch>;
  createNamed(body: object): Promise<Response>;
  get(id: string, waitSec?: number): Promise<Batch>;
  /** @throws Error when it has not ended in time */
  ended(id: string, timeoutSec?: number): Promise<Batch>;
  items(id: string, query?: string): Promise<BatchItem[]>;
};

/** Speaks of batches as any HTTP client would. */
export function batchCaller(url: string): BatchCaller {
  const get = async (id: string, waitSec = 0) =>
    (await (await fetch(`${url}/v1/batches/${id}?wait=${waitSec}`)).json()) as Batch;
  return {
    create: async (archive, filename, fields = {}) => {
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) form.set(name, value);
      form.set('file', new Blob([new Uint8Array(archive)]), filename);
      const response = await fetch(`${url}/v1/batches`, { method: 'POST', body: form });
      const body = (await response.json()) as Batch;
      if (response.status !== 202) throw new Error(`${response.status}: ${JSON.stringify(body)}`);
      return body;
    },
    createNamed: (body) =>
      fetch(`${url}/v1/batches`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    get,
    ended: async (id, timeoutSec = 120) => {
      const deadlineMs = Date.now() + timeoutSec * 1000;
      for (;;) {
        const batch = await get(id, 10);
        if (isBatchOver(batch.status)) return batch;
        if (Date.now() > deadlineMs) throw new Error(`not over: ${JSON.stringify(batch)}`);
      }
    },
    items: async (id, query = '') => {
      const items: BatchItem[] = [];
      let cursor: string | null = null;
      do {
        const more: string = cursor === null ? '' : `&cursor=${cursor}`;
        const response = await fetch(`${url}/v1/batches/${id}/items?limit=200${query}${more}`);
        const page = (await response.json()) as { items: BatchItem[]; next_cursor: string | null };
        items.push(...page.items);
        cursor = page.next_cursor;
      } while (cursor !== null);
      return items;
    },
  };
}
