import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';
import type { RequestHandler } from 'express';

/** Beside this app, whether it runs from `src` or bundled in `dist`. */
const BUILT = resolve(__dirname, '..', '..', 'web', 'dist');
/** Stands in the built page where the nonce of one answer goes. */
const NONCE_PLACE = '__NONCE__';

const DIRECTIVES = {
  'default-src': "'none'",
  'script-src': "'self'",
  'img-src': "'self' data: blob:",
  'media-src': "'self' blob:",
  'connect-src': "'self' blob:",
  'worker-src': "'self' blob:",
  'manifest-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'self'",
  'frame-ancestors': "'none'",
} as const;

/** The style sheets are files; the player's shadow tree brings one of its own, which the nonce lets in. */
const policyOf = (nonce: string) =>
  Object.entries({ ...DIRECTIVES, 'style-src': `'self' 'nonce-${nonce}'` })
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');

const PAGE_HEADERS = {
  'Cache-Control': 'no-cache',
  'Referrer-Policy': 'no-referrer',
  'Permissions-Policy': 'microphone=(self), camera=(), geolocation=()',
} as const;

type PageFile = { content: Buffer; etag: string; encodings: { br?: Buffer; gzip?: Buffer } };

/**
 * Scripts, styles, samples, compressed when they were built. Held in memory (some three megabytes): a build that
 * replaces them while we run must neither break a page that is open nor end this process.
 */
export function servePageFiles(): RequestHandler {
  const files = existsSync(BUILT) ? readPageFiles() : new Map<string, PageFile>();
  return (request, response, next) => {
    const file = files.get(request.path);
    if (!file) {
      next();
      return;
    }
    const isNamedByContent = request.path.startsWith('/assets/');
    response.type(extname(request.path)).set({
      'Cache-Control': isNamedByContent ? 'public, max-age=31536000, immutable' : 'no-cache',
      ETag: file.etag,
      Vary: 'Accept-Encoding',
    });
    const { br, gzip } = file.encodings;
    const chosen = request.acceptsEncodings([...(br ? ['br'] : []), ...(gzip ? ['gzip'] : []), 'identity']);
    if (request.fresh) response.status(304).end();
    else if (chosen === 'br') response.set('Content-Encoding', 'br').send(br);
    else if (chosen === 'gzip') response.set('Content-Encoding', 'gzip').send(gzip);
    else response.send(file.content);
  };
}

function readPageFiles(): Map<string, PageFile> {
  const names = readdirSync(BUILT, { recursive: true, encoding: 'utf8' });
  const contents = new Map(
    names
      .filter((name) => statSync(join(BUILT, name)).isFile())
      .map((name) => [`/${name.replaceAll('\\', '/')}`, readFileSync(join(BUILT, name))] as const),
  );
  const served = [...contents].filter(([path]) => !/\.(br|gz|html)$/.test(path));
  return new Map(
    served.map(([path, content]) => {
      const etag = `W/"${createHash('sha256').update(content).digest('base64url')}"`;
      const encodings = { br: contents.get(`${path}.br`), gzip: contents.get(`${path}.gz`) };
      return [path, { content, etag, encodings }];
    }),
  );
}

/**
 * The one page that all addresses of the interface answer with; what to show is decided in the browser.
 * Undefined where the pages were not built.
 */
export function servePage(): RequestHandler | undefined {
  const file = join(BUILT, 'index.html');
  if (!existsSync(file)) return undefined;
  const page = readFileSync(file, 'utf8');
  return (_request, response) => {
    const nonce = randomBytes(16).toString('base64');
    response
      .set(PAGE_HEADERS)
      .set('Content-Security-Policy', policyOf(nonce))
      .type('html')
      .send(page.replaceAll(NONCE_PLACE, nonce));
  };
}
