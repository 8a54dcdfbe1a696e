import { gzipSync } from 'node:zlib';
import type { Plugin, Rolldown } from 'vite';

/** What a page may weigh until it is seen, gzipped; the first view is what the page's document names. */
const BUDGETS = { firstView: 120_000, firstViewStyle: 15_000, anyPage: 200_000 };
const FIRST_VIEW_REQUESTS = 8;

type Output = Record<string, Rolldown.OutputAsset | Rolldown.OutputChunk>;

/** Ends the build where a view has become too heavy: that is noticed here, or by somebody on a slow line. */
export function budget(): Plugin {
  return {
    name: 'budget',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_options, output) {
        for (const complaint of complaintsAbout(output)) this.error(complaint);
      },
    },
  };
}

function complaintsAbout(output: Output): string[] {
  const chunks = Object.values(output).filter((file) => file.type === 'chunk');
  const entry = chunks.find(({ isEntry }) => isEntry);
  if (!entry) return ['the build has no entry'];
  const first = closure(output, entry.fileName);
  const style = [...first].filter((name) => name.endsWith('.css'));
  const pages = entry.dynamicImports.map(
    (name) => [name, new Set([...first, ...closure(output, name)])] as const,
  );
  return [
    over('the first view', weight(output, first), BUDGETS.firstView),
    over('the style of the first view', weight(output, new Set(style)), BUDGETS.firstViewStyle),
    first.size > FIRST_VIEW_REQUESTS ? `the first view takes ${first.size} requests` : '',
    ...pages.map(([name, files]) => over(`the page of ${name}`, weight(output, files), BUDGETS.anyPage)),
  ].filter((complaint) => complaint !== '');
}

/** A file, and all that it loads before it runs. */
function closure(output: Output, name: string, seen = new Set<string>()): Set<string> {
  const file = output[name];
  if (!file || seen.has(name)) return seen;
  seen.add(name);
  if (file.type !== 'chunk') return seen;
  for (const each of file.viteMetadata?.importedCss ?? []) seen.add(each);
  for (const each of file.imports) closure(output, each, seen);
  return seen;
}

function weight(output: Output, names: ReadonlySet<string>): number {
  const contents = [...names].map((name) => {
    const file = output[name];
    return file.type === 'chunk' ? file.code : file.source;
  });
  return contents.reduce((sum, content) => sum + gzipSync(content).length, 0);
}

const over = (what: string, bytes: number, most: number): string =>
  bytes > most ? `${what} weighs ${bytes} bytes gzipped, ${most} are allowed` : '';
