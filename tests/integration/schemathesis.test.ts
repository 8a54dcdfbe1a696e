import { createKey, createRecords } from '@bonafide/platform';
import { departures, startClassicSystem, type System } from '../system';

/** Limits would only hide what lies behind them; what a URL or an endpoint is sent is tried once. */
const ENV = {
  RATE_SUBMISSIONS_PER_MIN: '0',
  RATE_BYTES_PER_MIN: '0',
  RATE_READS_PER_MIN: '0',
  WEBHOOK_RETRY_SCHEDULE_S: '0',
  WEBHOOK_TIMEOUT_S: '2',
  URL_TIMEOUT_S: '2',
};
describe('the service held against its own description by Schemathesis', () => {
  let system: System;
  beforeAll(async () => {
    system = await startClassicSystem({ store: 'folder', env: ENV });
  });
  afterAll(() => system?.stop());

  test('When nobody needs a key, then no answer departs from the description', async () => {
    const wish = { phases: ['fuzzing', 'stateful'], maxExamples: 3 } as const;
    expect(await departures(system.url, wish)).toBe('');
  }, 300_000);

  test('When a key is needed, then no answer departs from the description either', async () => {
    const records = createRecords(system.store);
    const { key } = await createKey(records, {
      name: 'schemathesis',
      tenant: 'default',
      scopes: ['submit', 'read', 'admin'],
    });
    const wish = { phases: ['coverage', 'fuzzing', 'stateful'], maxExamples: 3 } as const;
    expect(await departures(system.url, { ...wish, key })).toBe('');
  }, 300_000);
});
