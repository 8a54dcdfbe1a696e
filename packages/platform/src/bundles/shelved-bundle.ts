import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CodedError, manifestSchema, type BundleRef, type Manifest } from '@bonafide/contracts';
import type { ObjectStore } from '../store/object-store';

export const MANIFEST = 'manifest.json';
export const BUNDLES_PREFIX = 'bundles/';

/** A bundle where it lies. Its manifest has been read; its files have not been looked at. */
export type ShelvedBundle = {
  ref: BundleRef;
  manifest: Manifest;
  place: 'models' | 'store';
  /** What people call the place. */
  name: string;
  /** Null where there is no such file. */
  read: (file: string) => Promise<Buffer | null>;
  /** Names of all its files. */
  files: () => Promise<string[]>;
};

/** Null where there is no bundle. @throws CodedError `bundle_refused` where its manifest is none */
export async function readFolderBundle(folder: string): Promise<ShelvedBundle | null> {
  const read = (file: string) => readFile(join(folder, file)).catch(() => null);
  const bytes = await read(MANIFEST);
  if (!bytes) return null;
  const files = async () => {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  };
  return { ...parseManifest(folder, bytes), place: 'models', name: folder, read, files };
}

/** The same for one that was put into the store. */
export async function readStoredBundle(store: ObjectStore, version: string): Promise<ShelvedBundle | null> {
  const prefix = storedBundlePrefix(version);
  const bytes = await store.read(`${prefix}${MANIFEST}`);
  if (!bytes) return null;
  const files = async () => {
    const names: string[] = [];
    for await (const { key } of store.list(prefix)) names.push(key.slice(prefix.length));
    return names;
  };
  const read = (file: string) => store.read(`${prefix}${file}`);
  return { ...parseManifest(prefix, bytes), place: 'store', name: prefix, read, files };
}

export const storedBundlePrefix = (version: string) => `${BUNDLES_PREFIX}${version}/`;

function parseManifest(name: string, bytes: Buffer): Pick<ShelvedBundle, 'ref' | 'manifest'> {
  const refuse = (problem: string, cause?: unknown): never => {
    throw new CodedError('bundle_refused', `bundle refused: ${name}: ${MANIFEST}: ${problem}`, { cause });
  };
  const json = parseJson(bytes);
  if (json === undefined) return refuse('is not JSON');
  const parsed = manifestSchema.safeParse(json);
  if (!parsed.success) {
    const issues = parsed.error.issues.map(
      ({ path, message }) => `${path.join('.') || 'the whole'}: ${message}`,
    );
    return refuse(issues.join('; '), parsed.error);
  }
  const digest = createHash('sha256').update(bytes).digest('hex');
  return { ref: { version: parsed.data.version, digest }, manifest: parsed.data };
}

/** Undefined where it is not JSON. */
export function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

/** Whether every member's file is there and is what the manifest says. @throws CodedError `bundle_refused` */
export async function verifyFiles({ name, manifest, read }: ShelvedBundle): Promise<void> {
  for (const { name: member, file, sha256 } of manifest.members) {
    const refuse = (problem: string): never => {
      throw new CodedError('bundle_refused', `bundle refused: ${name}: ${file}: ${problem}`);
    };
    const bytes = await read(file);
    if (!bytes) return refuse(`cannot be read (members.${member}.file)`);
    const digest = createHash('sha256').update(bytes).digest('hex');
    if (digest !== sha256) refuse(`sha256 is ${digest}, members.${member}.sha256 says ${sha256}`);
  }
}
