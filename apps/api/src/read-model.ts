import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  activeBundleSchema,
  CodedError,
  evaluationSchema,
  manifestSchema,
  modelSchema,
  type Evaluation,
  type Model,
} from '@bonafide/contracts';

const MANIFEST = 'manifest.json';
const EVALUATION = 'evaluation.json';
const CARD = 'MODEL_CARD.md';

/**
 * The bundle that the workers run, as people are told of it: its manifest, figures and card. Which of several
 * bundles it is follows the workers' rule: the folder itself, else active.json, else the only one.
 * @throws CodedError `not_found` where this process sees no bundle.
 */
export async function readModel(modelsDir: string): Promise<Model> {
  const folder = await locateBundle(modelsDir);
  const manifest = manifestSchema.parse(await readJson(join(folder, MANIFEST)));
  const evaluation = evaluationSchema.safeParse(await readJson(join(folder, EVALUATION)));
  return modelSchema.parse({
    ...manifest,
    members: manifest.members.map(({ name, kind, validation }) => ({ name, kind, eer: validation.eer })),
    ensembles: {
      full: manifest.ensembles.full.fusion.members,
      classic: manifest.ensembles.classic.fusion.members,
    },
    evaluation: evaluation.success ? withoutDetail(evaluation.data) : null,
    card: (await readText(join(folder, CARD))) ?? (await readText(join(dirname(folder), CARD))),
  });
}

async function locateBundle(modelsDir: string): Promise<string> {
  if (await readText(join(modelsDir, MANIFEST))) return modelsDir;
  const active = activeBundleSchema.safeParse(await readJson(join(modelsDir, 'active.json')));
  if (active.success) return join(modelsDir, active.data.bundle);
  for (const name of (await readdir(modelsDir).catch(() => [])).sort()) {
    if (await readText(join(modelsDir, name, MANIFEST))) return join(modelsDir, name);
  }
  throw new CodedError('not_found', 'No bundle of models is to be seen here');
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

async function readText(file: string): Promise<string | null> {
  return readFile(file, 'utf8').catch(() => null);
}

async function readJson(file: string): Promise<unknown> {
  return JSON.parse((await readText(file)) ?? 'null');
}
