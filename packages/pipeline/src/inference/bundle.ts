import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { activeBundleSchema, firstMade, type Manifest, manifestSchema } from '@bonafide/contracts';

/** The bundle cannot be used; the message names the file and the field. */
export class BundleError extends Error {
  constructor(file: string, problem: string, options?: { cause?: unknown }) {
    super(`bundle refused: ${file}: ${problem}`, options);
    this.name = 'BundleError';
  }
}

/** What a bundle must fit: every feature that the extractor can compute, in order, and the rate of the analysis. */
export type Program = { features: ReadonlySet<string>; featureVersion: string; sampleRateHz: number };

/** `digest`: SHA-256 of the manifest's bytes. */
export type Bundle = {
  folder: string;
  digest: string;
  manifest: Manifest;
  files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
};

const MANIFEST = 'manifest.json';

/**
 * Reads a bundle and refuses what does not agree with itself or with this program.
 *
 * @param modelsDir a bundle's folder; or a folder of bundles: the one that active.json names, else the one made first
 * @throws BundleError
 */
export async function readBundle(modelsDir: string, program: Program): Promise<Bundle> {
  const folder = await locateBundle(modelsDir);
  const manifestFile = path.join(folder, MANIFEST);
  const { bytes: manifestBytes, manifest } = await readManifest(manifestFile);
  checkManifest(manifestFile, manifest, program);
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const member of manifest.members) {
    const file = path.join(folder, member.file);
    const bytes = await readFile(file).catch((cause) => {
      throw new BundleError(file, `cannot be read (members.${member.name}.file)`, { cause });
    });
    const digest = digestOf(bytes);
    if (digest !== member.sha256) {
      throw new BundleError(file, `sha256 is ${digest}, members.${member.name}.sha256 says ${member.sha256}`);
    }
    files.set(member.name, bytes);
  }
  return { folder, digest: digestOf(manifestBytes), manifest, files };
}

async function locateBundle(modelsDir: string): Promise<string> {
  if (await exists(path.join(modelsDir, MANIFEST))) return modelsDir;
  const activeFile = path.join(modelsDir, 'active.json');
  if (await exists(activeFile)) {
    const active = activeBundleSchema.safeParse(parseJson(activeFile, await readFile(activeFile)));
    if (!active.success) throw new BundleError(activeFile, issuesText(active.error.issues));
    return path.join(modelsDir, active.data.bundle);
  }
  const entries = await readdir(modelsDir).catch((cause) => {
    throw new BundleError(modelsDir, 'the folder of models cannot be read', { cause });
  });
  const folders: string[] = [];
  for (const entry of entries.sort()) {
    if (await exists(path.join(modelsDir, entry, MANIFEST))) folders.push(path.join(modelsDir, entry));
  }
  if (folders.length === 0) throw new BundleError(modelsDir, `holds no ${MANIFEST}`);
  const readable: { folder: string; manifest: Manifest }[] = [];
  for (const folder of folders.length > 1 ? folders : []) {
    const manifest = await readManifest(path.join(folder, MANIFEST)).catch(() => null);
    if (manifest) readable.push({ folder, ...manifest });
  }
  return firstMade(readable)?.folder ?? folders[0];
}

async function readManifest(file: string): Promise<{ bytes: Uint8Array; manifest: Manifest }> {
  const bytes = await readFile(file).catch((cause) => {
    throw new BundleError(file, 'is missing or not JSON', { cause });
  });
  return { bytes, manifest: parseManifest(file, parseJson(file, bytes)) };
}

function parseManifest(file: string, json: unknown): Manifest {
  const parsed = manifestSchema.safeParse(json);
  if (!parsed.success) throw new BundleError(file, issuesText(parsed.error.issues));
  return parsed.data;
}

/** What a schema cannot say: names that must be unique, known, or of one number. */
function checkManifest(file: string, manifest: Manifest, program: Program): void {
  const refuse = (problem: string): never => {
    throw new BundleError(file, problem);
  };
  if (manifest.sample_rate !== program.sampleRateHz) {
    refuse(`sample_rate: ${manifest.sample_rate}, but recordings are analysed at ${program.sampleRateHz}`);
  }
  if (manifest.feature_version !== program.featureVersion) {
    refuse(`feature_version: ${manifest.feature_version}, but the extractor is of ${program.featureVersion}`);
  }
  const names = manifest.members.map((member) => member.name);
  if (new Set(names).size !== names.length) refuse('members: a name occurs twice');
  if (!names.includes(manifest.best_member))
    refuse(`best_member: no member is named ${manifest.best_member}`);
  checkFeatures(manifest, program, refuse);
  const features = manifest.features.map((feature) => feature.name);
  for (const member of manifest.members) {
    if (member.kind === 'features' && member.columns !== features.length) {
      refuse(`members.${member.name}.columns: ${member.columns}, but there are ${features.length} features`);
    }
  }
  for (const [name, { fusion }] of Object.entries(manifest.ensembles)) {
    for (const member of fusion.members) {
      const field = `ensembles.${name}.fusion`;
      if (!names.includes(member)) refuse(`${field}.members: no member is named ${member}`);
      if (fusion.weights[member] === undefined) refuse(`${field}.weights: nothing for ${member}`);
    }
  }
  checkLocalization(manifest, refuse);
  const { axes, variances } = manifest.distribution;
  if (axes.length !== variances.length) refuse('distribution: as many variances as axes are needed');
  if (axes.some((axis) => axis.length !== features.length))
    refuse('distribution.axes: one weight a feature is needed');
  if (variances.some((variance) => variance <= 0)) refuse('distribution.variances: must be positive');
}

function checkLocalization(
  { localization, members, window_sec }: Manifest,
  refuse: (problem: string) => never,
): void {
  if (!localization) return;
  const member = members.find(({ name, kind }) => name === localization.member && kind !== 'features');
  if (!member) return refuse(`localization.member: no member that hears is named ${localization.member}`);
  if ('window_sec' in member && member.window_sec !== undefined)
    refuse('localization.member: has windows of its own, in which stretches are not placed');
  if (localization.window_sec >= window_sec)
    refuse('localization.window_sec: is not shorter than window_sec');
}

/**
 * Names alone do not tell whether they stand at the columns that the models mean. Columns are in the order of the
 * extractor's table wherever a bundle is made, so a name at another place has come there by mistake.
 */
function checkFeatures({ features }: Manifest, program: Program, refuse: (problem: string) => never): void {
  const names = features.map((feature) => feature.name);
  if (new Set(names).size !== names.length) refuse('features: a name occurs twice');
  const unknown = names.filter((name) => !program.features.has(name));
  if (unknown.length > 0) refuse(`features: the extractor does not know ${unknown.join(', ')}`);
  const inOrder = [...program.features].filter((name) => names.includes(name));
  const wrong = names.findIndex((name, at) => name !== inOrder[at]);
  if (wrong >= 0) {
    refuse(`features.${wrong}.name: ${names[wrong]}, but in the extractor's order it is ${inOrder[wrong]}`);
  }
}

function issuesText(issues: readonly { path: readonly PropertyKey[]; message: string }[]): string {
  return issues
    .map((issue) => `${issue.path.map(String).join('.') || 'the whole'}: ${issue.message}`)
    .join('; ');
}

const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

function parseJson(file: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (cause) {
    throw new BundleError(file, 'is missing or not JSON', { cause });
  }
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
