import { startClassicSystem, type System } from '../system';

/** A page that a browser would run if it were told that it is one. */
const PAGE = '<script>fetch("/v1/keys")</script>';
let system: System;

beforeAll(async () => {
  system = await startClassicSystem({ store: 'folder', workers: 0 });
}, 120_000);
afterAll(() => system?.stop());

async function submit(filename: string, headers: Record<string, string> = {}): Promise<Response> {
  const body = new FormData();
  body.set('file', new Blob([PAGE]), filename);
  return fetch(`${system.url}/v1/analyses`, { method: 'POST', body, headers });
}

test.each<[site: string, headers: Record<string, string>, status: number]>([
  ['another site', { 'Sec-Fetch-Site': 'cross-site' }, 403],
  ['another port', { 'Sec-Fetch-Site': 'same-site' }, 403],
  ['another site, in an old browser,', { Origin: 'https://elsewhere.example' }, 403],
  ['no site at all', { Origin: 'null' }, 403],
  ['its own site', { 'Sec-Fetch-Site': 'same-origin' }, 202],
])(
  'When a page of %s calls a service without keys, then it hears what it should',
  async (_site, headers, status) => {
    expect((await submit('call.wav', headers)).status).toBe(status);
  },
);

test.each(['call.html', 'call.svg', 'call.xml', 'call.wav"; filename="call.html'])(
  'When a recording is named %s, then no browser runs what it holds',
  async (filename) => {
    const { id } = (await (await submit(filename)).json()) as { id: string };
    const { status, headers } = await fetch(`${system.url}/v1/analyses/${id}/media`);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^(audio|video)\/|^application\/octet-stream$/);
    expect(headers.get('content-disposition')).toMatch(/^attachment;/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  },
);

test.each(['/', '/history'])(
  'When the page %s is asked for, then it may run no script but its own',
  async (path) => {
    const { headers } = await fetch(`${system.url}${path}`, { headers: { accept: 'text/html' } });
    expect(headers.get('content-type')).toMatch(/^text\/html/);
    const policy = String(headers.get('content-security-policy')).split(/; ?/);
    expect(policy).toEqual(
      expect.arrayContaining(["default-src 'none'", "script-src 'self'", "base-uri 'none'"]),
    );
  },
);
