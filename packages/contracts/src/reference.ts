import { z } from 'zod';

const unit = z.number().min(0).max(1);

/**
 * How one quantity is distributed: inner edges, ascending, and the share of each bin; an edge belongs to the bin
 * above it. A feature has a value a window, a score or measure one a clip.
 */
export const quantitySchema = z
  .object({
    name: z.string(),
    kind: z.enum(['feature', 'score', 'measure']),
    edges: z.array(z.number()),
    shares: z.array(unit).min(1),
  })
  .refine(({ edges, shares }) => shares.length === edges.length + 1, {
    error: 'there is one bin more than there are edges',
  });

export const ratesSchema = z.object({
  inconclusive: unit,
  out_of_distribution: unit,
  members_disagree: unit,
});

/** reference.json of a bundle: what it was made from, as it is to be held against what comes in. */
export const referenceSchema = z.object({
  format: z.literal(1),
  model_version: z.string(),
  feature_version: z.string(),
  /** How many clips the shares were counted on. */
  clips: z.number().int().positive(),
  quantities: z.array(quantitySchema),
  rates: ratesSchema,
});

export type Quantity = z.infer<typeof quantitySchema>;
export type RateName = keyof z.infer<typeof ratesSchema>;
export type Reference = z.infer<typeof referenceSchema>;
