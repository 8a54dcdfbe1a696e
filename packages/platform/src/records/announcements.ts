import { tenantSchema, timestampSchema } from '@bonafide/contracts';
import { z } from 'zod';
import type { ObjectStore } from '../store/object-store';
import { analysisFolder } from './analyses';
import { batchFolder } from './batches';
import { createCollection, type Collection } from './collection';

const announcementSchema = z.object({
  format: z.literal(1),
  tenant: tenantSchema,
  subject: z.enum(['analysis', 'batch']),
  id: z.uuidv7(),
  at: timestampSchema,
});

/** Says that the end of an analysis or a batch has been handed to all who are to be told. */
export type Announcement = z.infer<typeof announcementSchema>;
export type AnnouncementRef = Pick<Announcement, 'tenant' | 'subject' | 'id'>;

export const ANNOUNCED = 'announced.json';

export function announcementRecords(store: ObjectStore): Collection<AnnouncementRef, Announcement> {
  return createCollection(store, {
    schema: announcementSchema,
    keyOf: ({ tenant, subject, id }: AnnouncementRef) => {
      const folder =
        subject === 'analysis'
          ? analysisFolder({ tenant, analysis_id: id })
          : batchFolder({ tenant, batch_id: id });
      return `${folder}/${ANNOUNCED}`;
    },
    refOf: ({ tenant, subject, id }) => ({ tenant, subject, id }),
  });
}
