import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { modelSchema, type Evaluation, type Model } from '@bonafide/contracts';
import { readEvaluation, type ShelvedBundle } from '@bonafide/platform';

const CARD = 'MODEL_CARD.md';

/** A bundle as people are told of it: its manifest, figures and card. */
export async function readModel(bundle: ShelvedBundle): Promise<Model> {
  const { manifest } = bundle;
  const evaluation = await readEvaluation(bundle);
  return modelSchema.parse({
    ...manifest,
    members: manifest.members.map(({ name, kind, validation }) => ({ name, kind, eer: validation.eer })),
    ensembles: {
      full: manifest.ensembles.full.fusion.members,
      classic: manifest.ensembles.classic.fusion.members,
    },
    evaluation: evaluation && withoutDetail(evaluation),
    card: await readCard(bundle),
  });
}

/** In the bundle, or beside the folders of several. */
async function readCard({ read, place, name }: ShelvedBundle): Promise<string | null> {
  const own = await read(CARD);
  if (own) return own.toString('utf8');
  return place === 'models' ? readFile(join(dirname(name), CARD), 'utf8').catch(() => null) : null;
}

/** Groups and slices are kept for the ensembles alone: those of each member are for the evaluation's readers. */
function withoutDetail({ protocols }: Evaluation): Evaluation {
  const trimmed = (protocol: Evaluation['protocols']['cv']) =>
    protocol &&
    Object.fromEntries(
      Object.entries(protocol).map(([system, figures]) => [
        system,
        system === 'fusion' || system === 'classic'
          ? { ...figures, slices: figures.slices && { ...figures.slices, source: [] } }
          : {
              ...figures,
              macro_generators: figures.macro_generators && { ...figures.macro_generators, groups: [] },
              macro_families: figures.macro_families && { ...figures.macro_families, groups: [] },
              slices: null,
            },
      ]),
    );
  return { protocols: { cv: trimmed(protocols.cv), dev: trimmed(protocols.dev) } };
}
