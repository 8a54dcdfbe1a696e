import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { RequestHandler } from 'express';
import sirv from 'sirv';

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

/** Scripts, styles, samples: named by their content, compressed when they were built. */
export function servePageFiles(): RequestHandler {
  if (!existsSync(BUILT)) return (_request, _response, next) => next();
  const serve = sirv(BUILT, {
    gzip: true,
    brotli: true,
    etag: true,
    setHeaders: (response, path) => {
      const isNamedByContent = path.startsWith('/assets/');
      response.setHeader(
        'Cache-Control',
        isNamedByContent ? 'public, max-age=31536000, immutable' : 'no-cache',
      );
    },
  });
  return (request, response, next) => {
    if (request.path === '/' || request.path.endsWith('.html')) next();
    else void serve(request, response, next);
  };
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
