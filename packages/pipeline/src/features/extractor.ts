import { createAnalysis } from './analysis';
import { FAMILIES } from './table';

export interface Extractor {
  readonly names: readonly string[];
  /**
   * Measures one window of mono samples at 22,050 Hz, any gain. Always finite; all 0 for less than a
   * frame. The answer is the caller's.
   */
  extract(samples: Float32Array): Float32Array;
}

/** Creates an extractor of the named features, in that order. Throws for a name that the table does not know. */
export function createExtractor(names: readonly string[]): Extractor {
  const wanted = new Set(names);
  const plan = FAMILIES.filter((family) => family.definitions.some(({ name }) => wanted.has(name))).map(
    (family) => ({
      family,
      measure: family.createMeasure(wanted),
    }),
  );
  const placeOf = new Map<string, number>();
  let size = 0;
  for (const { family } of plan) for (const { name } of family.definitions) placeOf.set(name, size++);
  const places = names.map((name) => {
    const place = placeOf.get(name);
    if (place === undefined) throw new Error(`Unknown feature: ${name}`);
    return place;
  });
  const analyze = createAnalysis();
  const all = new Float64Array(size);

  function extract(samples: Float32Array): Float32Array {
    const analysis = analyze(samples);
    const out = new Float32Array(names.length);
    if (analysis.activeCount === 0) return out;
    let offset = 0;
    for (const { family, measure } of plan) {
      measure(analysis, all, offset);
      offset += family.definitions.length;
    }
    for (let i = 0; i < places.length; i++) {
      const value = Math.fround(all[places[i]]);
      out[i] = Number.isFinite(value) ? value : 0;
    }
    return out;
  }
  return { names, extract };
}
