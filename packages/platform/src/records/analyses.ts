import {
  analysisIdSchema,
  outcomeSchema,
  submissionSchema,
  type AnalysisRef,
  type Outcome,
  type Submission,
} from '@bonafide/contracts';
import type { ObjectStore } from '../store/object-store';
import { createCollection } from './collection';

/** The documents that are the truth about analyses, each written once. */
export type AnalysisRecords = {
  /** Durable when it returns. `exists` says that there is one of this id, which stays. */
  createSubmission(submission: Submission): Promise<'created' | 'exists'>;
  submission(ref: AnalysisRef): Promise<Submission | null>;
  /** The first terminal transition wins: `exists` says that another one was there before. */
  createOutcome(outcome: Outcome): Promise<'created' | 'exists'>;
  outcome(ref: AnalysisRef): Promise<Outcome | null>;
  /** Takes back what was never acknowledged; as long as its record is there, it is whole. */
  discardSubmission(ref: AnalysisRef): Promise<void>;
};

/** Where all documents of an analysis lie. */
export const analysisFolder = ({ tenant, analysis_id }: AnalysisRef) => `analyses/${tenant}/${analysis_id}`;

/** Where the recording of an analysis lies. */
export const mediaKey = ({ tenant, analysis_id }: AnalysisRef) => `media/${tenant}/${analysis_id}`;

/** The same by its submission: one that scores another again has no recording of its own. */
export const mediaKeyOf = ({ tenant, id, reanalysis }: Pick<Submission, 'tenant' | 'id' | 'reanalysis'>) =>
  mediaKey({ tenant, analysis_id: reanalysis?.of ?? id });

export const isAnalysisId = (text: string) => analysisIdSchema.safeParse(text).success;

export function refOf({ tenant, id }: { tenant: string; id: string }): AnalysisRef {
  return { tenant, analysis_id: id };
}

export function analysisRecords(store: ObjectStore): AnalysisRecords {
  const submissions = createCollection(store, {
    schema: submissionSchema,
    keyOf: (ref: AnalysisRef) => `${analysisFolder(ref)}/submission.json`,
    refOf,
  });
  const outcomes = createCollection(store, {
    schema: outcomeSchema,
    keyOf: (ref: AnalysisRef) => `${analysisFolder(ref)}/result.json`,
    refOf,
  });
  return {
    createSubmission: (submission) => submissions.create(submission),
    submission: (ref) => submissions.get(ref),
    createOutcome: (outcome) => outcomes.create(outcome),
    outcome: (ref) => outcomes.get(ref),
    discardSubmission: async (ref) => {
      await submissions.remove(ref);
      await store.remove(mediaKey(ref));
    },
  };
}
