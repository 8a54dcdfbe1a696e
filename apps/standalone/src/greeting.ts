import type { Config } from '@bonafide/platform';

const SAMPLE = 'tests/fixtures/real-en.wav';

/** What a person wants to know once everything is up. */
export function greeting(config: Config, address: string, redisUrl: string): string {
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

  Ctrl-C ends it; the next start finds everything again.
`;
}
