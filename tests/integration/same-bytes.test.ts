import { keysNaming, recording, repeated, startClassicSystem, until, type System } from '../system';

describe.each(['s3', 'folder'] as const)('the same bytes with the %s store', (kind) => {
  let system: System;
  beforeAll(async () => {
    system = await startClassicSystem({ store: kind, workers: 0 });
  });
  afterAll(() => system?.stop());

  test('When a recording was taken back and only Redis knows of it, then nobody brings a result of it', async () => {
    const { id } = await system.client.submit(await recording('real-it.flac'));
    const keys = await keysNaming(system.store, id);
    expect(keys).toHaveLength(2);
    for (const key of keys) await system.store.remove(key);
    await system.startWorker();
    await until('its job is over', () => system.redis.zscore('{bonafide}:analyses:completed', id));
    expect(await keysNaming(system.store, id)).toEqual([]);
    await expect(system.client.get(id)).rejects.toThrow('not_found');
  });

  test('When the first of some bytes is canceled, then the second gets a result, which the third takes over', async () => {
    const sent = await recording(await repeated('fake-en.flac', 40));
    const result = async () => {
      const { id } = await system.client.submit(sent);
      return (await system.client.wait(id, { timeoutSec: 60 })).result;
    };
    const { id } = await system.client.submit(sent);
    await until('it runs', async () => (await system.client.get(id)).status === 'processing');
    expect((await fetch(`${system.url}/v1/analyses/${id}/cancel`, { method: 'POST' })).status).toBe(200);
    const second = await result();
    expect(second).toMatchObject({ cached: false, success: true });
    expect(await result()).toMatchObject({ cached: true, p_fake: second?.p_fake });
  });
});
