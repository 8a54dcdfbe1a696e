import {
  analysisErrorSchema,
  analysisSchema,
  createdKeySchema,
  featureReasonSchema,
  keySchema,
  problemSchema,
  qualitySchema,
  readinessSchema,
  reportSchema,
  segmentSchema,
} from '@bonafide/contracts';
import type { z } from 'zod';

/** The schemas that the description names once and points to; all others stand where they are used. */
export const NAMED_SCHEMAS: Record<string, z.ZodType> = {
  Problem: problemSchema,
  Analysis: analysisSchema,
  AnalysisError: analysisErrorSchema,
  Report: reportSchema,
  Segment: segmentSchema,
  FeatureReason: featureReasonSchema,
  Quality: qualitySchema,
  Key: keySchema,
  CreatedKey: createdKeySchema,
  Readiness: readinessSchema,
};
