import { ConfigError, readConfig, requireRedisUrl } from '@bonafide/platform';

test('When nothing is set, then the embedded default on loopback results', () => {
  const config = readConfig({});
  expect(config.http).toMatchObject({ host: '127.0.0.1', port: 3000, maxUploadBytes: 200 * 1024 * 1024 });
  expect(config.store).toEqual({ kind: 'folder', directory: `${config.dataDir}/store` });
  expect(config.redisUrl).toBeUndefined();
  expect(config.workers.count).toBeGreaterThan(0);
});

test('When a bucket is named, then the store is S3', () => {
  const env = { S3_BUCKET: 'clips', S3_ENDPOINT: 'http://127.0.0.1:8333' };
  expect(readConfig(env).store).toMatchObject({ kind: 's3', bucket: 'clips', endpoint: env.S3_ENDPOINT });
});

test('When several values are wrong, then all are named at once', () => {
  const env = { PORT: '70000', MAX_UPLOAD_BYTES: '-1', REDIS_URL: 'http://x', S3_ENDPOINT: 'nothing' };
  expect(() => readConfig(env)).toThrow(ConfigError);
  try {
    readConfig(env);
  } catch (error) {
    const { problems } = error as ConfigError;
    for (const name of Object.keys(env)) expect(problems.join('\n')).toMatch(name);
  }
});

test('When an endpoint has no bucket, then the bucket is asked for', () => {
  expect(() => readConfig({ S3_ENDPOINT: 'http://127.0.0.1:1' })).toThrow('S3_BUCKET');
});

test('When a value is empty or blank, then it counts as absent, and lifts no limit', () => {
  expect(readConfig({ PORT: '', S3_BUCKET: '' })).toEqual(readConfig({}));
  expect(readConfig({ PORT: ' ', RATE_SUBMISSIONS_PER_MIN: ' ', WORKERS: '\t' })).toEqual(readConfig({}));
  expect(readConfig({ RATE_SUBMISSIONS_PER_MIN: '0' }).rates.submissionsPerMin).toBe(0);
});

test('When half of a pair of credentials is missing, then the other is asked for', () => {
  expect(() => readConfig({ AWS_ACCESS_KEY_ID: 'clerk' })).toThrow('AWS_SECRET_ACCESS_KEY');
  expect(() => readConfig({ AWS_SECRET_ACCESS_KEY: 'hush' })).toThrow('AWS_ACCESS_KEY_ID');
});

test('When a process needs Redis and none is named, then it says so', () => {
  expect(() => requireRedisUrl(readConfig({}))).toThrow('REDIS_URL');
});
