import {
  outcomeSchema,
  submissionSchema,
  type AnalysisRef,
  type Outcome,
  type Submission,
} from '@bonafide/contracts';
import type { z } from 'zod';
import type { ObjectStore } from './store/object-store';

/** The documents that are the truth about analyses, each written once. */
export type Records = {
  /** Durable when it returns. */
  createSubmission(submission: Submission): Promise<void>;
  submission(ref: AnalysisRef): Promise<Submission | null>;
  /** The first terminal transition wins: `exists` says that another one was there before. */
  createOutcome(outcome: Outcome): Promise<'created' | 'exists'>;
  outcome(ref: AnalysisRef): Promise<Outcome | null>;
  /** Takes back what was never acknowledged. */
  discardSubmission(ref: AnalysisRef): Promise<void>;
};

const folderOf = ({ tenant, analysis_id }: AnalysisRef) => `analyses/${tenant}/${analysis_id}`;
const submissionKey = (ref: AnalysisRef) => `${folderOf(ref)}/submission.json`;
const outcomeKey = (ref: AnalysisRef) => `${folderOf(ref)}/result.json`;

/** Where the recording of an analysis lies. */
export const mediaKey = ({ tenant, analysis_id }: AnalysisRef) => `media/${tenant}/${analysis_id}`;

export function refOf({ tenant, id }: { tenant: string; id: string }): AnalysisRef {
  return { tenant, analysis_id: id };
}

export function createRecords(store: ObjectStore): Records {
  return {
    createSubmission: async (submission) => {
      const document = encode(submissionSchema, submission);
      if ((await store.create(submissionKey(refOf(submission)), document)) === 'exists') {
        throw new Error(`a submission ${submission.id} exists already`);
      }
    },
    submission: async (ref) => decode(submissionSchema, await store.read(submissionKey(ref))),
    createOutcome: (outcome) => store.create(outcomeKey(refOf(outcome)), encode(outcomeSchema, outcome)),
    outcome: async (ref) => decode(outcomeSchema, await store.read(outcomeKey(ref))),
    discardSubmission: async (ref) => {
      await Promise.all([store.remove(submissionKey(ref)), store.remove(mediaKey(ref))]);
    },
  };
}

function encode<S extends z.ZodType>(schema: S, record: z.infer<S>): Buffer {
  return Buffer.from(JSON.stringify(schema.parse(record)));
}

function decode<S extends z.ZodType>(schema: S, document: Buffer | null): z.infer<S> | null {
  return document && schema.parse(JSON.parse(document.toString('utf8')));
}
