import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.join(__dirname, '../..');
const parts = ['apps', 'packages'].flatMap((kind) =>
  readdirSync(path.join(root, kind)).map((name) => `${kind}/${name}`),
);
const product = parts.flatMap((part) =>
  filesBelow(`${part}/src`).filter((file) => /\.tsx?$/.test(file) && !path.basename(file).startsWith('.')),
);
const linesOf = (file: string): number => readFileSync(path.join(root, file), 'utf8').split('\n').length - 1;

/** Every file under a folder, as paths from the root; none where there is no such folder. */
function filesBelow(folder: string): string[] {
  if (!existsSync(path.join(root, folder))) return [];
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map(
    (name) => `${folder}/${name}`,
  );
}

/** Paths that a document links to or names in backticks. */
function namedPaths(document: string): string[] {
  const text = readFileSync(path.join(root, document), 'utf8');
  const links = [...text.matchAll(/\]\(((?!https?:|#)[^)]+)\)/g)].map((match) => match[1]);
  const spans = [...text.matchAll(/`((?:apps|packages|models|training|setup|tests|bench|docs)\/[\w./-]*)`/g)];
  return [...links, ...spans.map((match) => match[1])];
}

describe('the architecture', () => {
  test.each(['ARCHITECTURE.md', 'README.md'])('When %s names a path, then it exists', (document) => {
    const paths = namedPaths(document);
    expect(paths.length).toBeGreaterThan(5);
    expect(paths.filter((each) => !existsSync(path.join(root, each)))).toEqual([]);
  });

  test('When a file is part of the product, then its name is in kebab case and says what it is about', () => {
    const names = product.map((file) => path.basename(file).replace(/(\.d)?\.tsx?$/, ''));
    expect(names.filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name))).toEqual([]);
    expect(
      product.filter((file) => /(^|\/)(utils?|helpers?|common|managers?|service)(\/|\.tsx?$)/.test(file)),
    ).toEqual([]);
  });

  test('When a file is part of the product, then it is short', () => {
    // The words of a language are one file, however many there are.
    const code = product.filter((file) => !file.startsWith('apps/web/src/texts/'));
    const sizes = code.map(linesOf).sort((a, b) => a - b);
    expect(code.filter((file) => linesOf(file) > 250)).toEqual([]);
    expect(sizes[Math.floor(sizes.length / 2)]).toBeLessThanOrEqual(80);
  });

  test('When a package declares what it needs, then its lock entry is in the repository', () => {
    const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { dependencies?: Record<string, string> }>;
    };
    const manifests = parts
      .map((part) => `${part}/package.json`)
      .filter((file) => existsSync(path.join(root, file)));
    for (const file of manifests) {
      const manifest = JSON.parse(readFileSync(path.join(root, file), 'utf8')) as {
        dependencies?: Record<string, string>;
      };
      expect(lock.packages[path.dirname(file)]?.dependencies ?? {}).toEqual(manifest.dependencies ?? {});
    }
  });

  test('When another platform installs from the lock file, then its own packages are in there', () => {
    const { packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { optional?: boolean; optionalDependencies?: Record<string, string> }>;
    };
    const locked = new Set(Object.keys(packages).map((place) => place.replace(/^.*node_modules\//, '')));
    const needed = Object.values(packages).filter((entry) => !entry.optional);
    const wanted = needed.flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}));
    expect(wanted.filter((name) => !locked.has(name))).toEqual([]);
  });
});
