import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelsView } from '@bonafide/contracts';
import { copyBundle, recording, startSystem, temporaryFolder, type System } from '../system';

let system: System;
afterEach(() => system?.stop());
jest.setTimeout(240_000);

const put = (models: string, version: string, created_at: string): Promise<string> =>
  copyBundle(models, { version, edit: (manifest) => void (manifest.created_at = created_at) });

test('When the bundle that the folder names is bad as the service starts, then the one made before it answers', async () => {
  const models = await temporaryFolder();
  await put(models, '1.0.0', '2026-01-01T00:00:00Z');
  const bad = await put(models, '2.0.0', '2026-02-01T00:00:00Z');
  await put(models, '3.0.0', '2026-03-01T00:00:00Z');
  await appendFile(join(bad, 'svm.onnx'), 'rot');
  await writeFile(join(models, 'active.json'), '{"bundle":"bundle-2.0.0"}');
  system = await startSystem({ store: 'folder', env: { MODELS_DIR: models } });
  const { id } = await system.client.submit(await recording('real-en-3s.wav'));
  const { result } = await system.client.wait(id, { timeoutSec: 60 });
  expect(result?.model_version).toBe('1.0.0');
  const { workers } = (await (await fetch(`${system.url}/v1/models`)).json()) as ModelsView;
  expect(workers).toMatchObject([
    { model_version: '1.0.0', refused: expect.stringContaining('sha256') as string },
  ]);
});
