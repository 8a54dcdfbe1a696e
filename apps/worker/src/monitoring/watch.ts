import { DEFAULT_TENANT_CLASS, type Manifest, type Reference } from '@bonafide/contracts';
import type { ClipFacts, Observer } from '@bonafide/pipeline';
import {
  binOf,
  createSketchKeeper,
  emptySketch,
  type Config,
  type Logger,
  type RedisConnection,
  type References,
  type SketchKeeper,
} from '@bonafide/platform';
import { audioFormatOf } from './audio-format';

/** Looks on at analyses and counts what they see; takes no part in them. */
export type Watch = {
  references: References;
  /** Undefined for a bundle that is not watched. */
  observerOf(manifest: Manifest, tenant: string): Promise<Observer | undefined>;
  stop(): Promise<void>;
};

type Sources = { redis: RedisConnection; log: Logger; config: Config; references: References };

export function createWatch({ redis, log, config, references }: Sources): Watch {
  const keeper = createSketchKeeper(redis, log);
  const classOf = (tenant: string) => config.monitoring.tenantClasses[tenant] ?? DEFAULT_TENANT_CLASS;
  return {
    references,
    observerOf: async (manifest, tenant) => {
      const reference = await references.of(manifest.version).catch(() => null);
      return reference ? observe(keeper, reference, classOf(tenant)) : undefined;
    },
    stop: () => keeper.stop(),
  };
}

/** Of one clip: its windows are counted into bins as they come, so that a long one takes no more room. */
function observe(keeper: SketchKeeper, reference: Reference, tenantClass: string): Observer {
  const { counts } = emptySketch(reference);
  const features = reference.quantities.flatMap(({ kind, edges }, at) =>
    kind === 'feature' ? [{ edges, at }] : [],
  );
  let windows = 0;
  return {
    window: (row) => {
      windows += 1;
      features.forEach(({ edges, at }, column) => (counts[at][binOf(edges, row[column])] += 1));
    },
    clip: (facts) =>
      keeper.add(reference, {
        group: {
          format: audioFormatOf(facts.source),
          tenant_class: tenantClass,
          model_version: reference.model_version,
        },
        windowCounts: counts,
        windows,
        values: valuesOf(facts),
        reasons: facts.report.decision.reasons.map(({ code }) => code),
        isInconclusive: facts.report.decision.status === 'inconclusive',
      }),
  };
}

/** By the names of the reference's scores and measures. */
function valuesOf({ members, disagreement, distance, report }: ClipFacts): Record<string, number> {
  const { bandwidth_hz, snr_db } = report.quality;
  return { ...members, p_fake: report.p_fake, disagreement, distance, bandwidth_hz, snr_db };
}
