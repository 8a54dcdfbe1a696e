/** Source maps of bundles: where a place in them comes from. */
import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Leaves in a source map what leads to the lines of our own sources. Node reads a map as a whole at the first trace of an
 * error: with every column and all packages in it that held a worker for 160 ms, and cost it 77 MB from then on.
 */
export async function mapOursAlone(file) {
  const { decode, encode } = await import('@jridgewell/sourcemap-codec');
  const map = JSON.parse(readFileSync(file, 'utf8'));
  const ours = map.sources.filter((source) => !source.includes('node_modules/'));
  const placeOf = map.sources.map((source) => ours.indexOf(source));
  let known = '';
  const lines = decode(map.mappings).map((generated) =>
    generated.flatMap(([column, source, line, from]) => {
      const isOurs = source !== undefined && placeOf[source] >= 0;
      // A place takes the last one before it that is known: where ours end, nothing is known.
      const place = isOurs ? `${source}:${line}` : '';
      if (place === known) return [];
      known = place;
      return [isOurs ? [column, placeOf[source], line, from] : [column]];
    }),
  );
  writeFileSync(file, JSON.stringify({ ...map, sources: ours, names: [], mappings: encode(lines) }));
}
