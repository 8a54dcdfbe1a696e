import type { Config } from '@bonafide/platform';

const KEYLESS =
  'none, so everybody on this machine is let in. To change that: npm run keys -- create --name NAME';
const SAMPLE = 'tests/fixtures/real-en.wav';

type Greeted = { address: string; redisUrl: string; isKeyless: boolean };

/** What a person wants to know once everything is up. */
export function greeting(config: Config, { address, redisUrl, isKeyless }: Greeted): string {
  const { store, dataDir, workers } = config;
  const media =
    store.kind === 's3' ? `bucket ${store.bucket} at ${store.endpoint ?? 'AWS'}` : store.directory;
  return `
  bonafide is ready: ${address}

  Try it:     curl -F file=@${SAMPLE} ${address}/analyze_voice_data
  Recordings: ${media}
  Data:       ${dataDir} (logs in ${dataDir}/logs)
  Redis:      ${redisUrl.replace(/\/\/[^@/]*@/, '//…@')}
  Workers:    ${workers.count}
  Keys:       ${isKeyless ? KEYLESS : 'needed by everybody who asks'}

  Ctrl-C ends it; the next start finds everything again.
`;
}
