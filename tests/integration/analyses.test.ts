import { readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { reportSchema, type Report } from '@bonafide/contracts';
import { Queue } from 'bullmq';
import { fixture, recording, startSystem, until, type System } from '../system';

const ORIGINAL_FIELDS = [
  'success',
  'classification',
  'ensemble_result',
  'model_predictions',
  'audio_info',
  'processing_info',
] as const;

describe.each(['s3', 'folder'] as const)('analyses with the %s store', (kind) => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ store: kind });
  });
  afterAll(() => system?.stop());

  test('When a recording is submitted, then it is stored before the 202 and its result comes by waiting', async () => {
    const form = new FormData();
    const { content, filename } = await recording('real-en-3s.wav');
    form.set('file', content, filename);
    const response = await fetch(`${system.url}/v1/analyses`, { method: 'POST', body: form });
    const accepted = (await response.json()) as { id: string };
    expect(response.status).toBe(202);
    expect(response.headers.get('location')).toBe(`/v1/analyses/${accepted.id}`);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(accepted).toMatchObject({ status: 'queued', progress: 0, filename, started_at: null });

    const media = await system.store.read(`media/default/${accepted.id}`);
    expect(media).toEqual(readFileSync(fixture(filename)));
    expect(await system.store.head(`analyses/default/${accepted.id}/submission.json`)).not.toBeNull();

    const analysis = await system.client.wait(accepted.id, { timeoutSec: 30 });
    expect(analysis).toMatchObject({ id: accepted.id, status: 'succeeded', progress: 1, filename });
    expect(analysis.sha256).toBe(
      createHash('sha256')
        .update(readFileSync(fixture(filename)))
        .digest('hex'),
    );
    expect(analysis.created_at <= (analysis.started_at as string)).toBe(true);
    expect((analysis.started_at as string) <= (analysis.finished_at as string)).toBe(true);
    expect(analysis.result?.audio_info).toEqual({ duration: 3, sample_rate: 22050, file_path: filename });
  });

  test('When the one-call endpoint is asked, then it answers the bare report with the original fields first', async () => {
    const form = new FormData();
    form.set('voice_file', (await recording('fake-en.wav')).content, 'C:\\calls\\fake-en.wav');
    const response = await fetch(`${system.url}/analyze_voice_data`, { method: 'POST', body: form });
    expect(response.status).toBe(200);
    const report: Report = reportSchema.parse(await response.json());
    expect(Object.keys(report).slice(0, 6)).toEqual(ORIGINAL_FIELDS);
    const { fake_probability, real_probability, confidence, confidence_score } = report.classification;
    expect(fake_probability + real_probability).toBeCloseTo(100, 9);
    expect(confidence).toBe(Math.max(fake_probability, real_probability));
    expect(confidence_score).toBe(confidence);
    expect(report.processing_info).toMatchObject({ feature_count: 154 });
    expect(JSON.stringify(report)).not.toMatch(/\d\.\d{9}/);
    expect(Object.keys(report.model_predictions)).toEqual(
      expect.arrayContaining(['xgboost', 'random_forest', 'svm']),
    );
    expect(report.audio_info.file_path).toBe('fake-en.wav');
  });

  test('When a profile and an ensemble are chosen, then the report follows both', async () => {
    const chosen = { profile: 'precision', ensemble: 'classic' } as const;
    const { id } = await system.client.submit(await recording('real-en-3s.wav'), chosen);
    const { result } = await system.client.wait(id, { timeoutSec: 30 });
    expect(result).toMatchObject({ ensemble: 'classic', threshold: { profile: 'precision' } });
    expect(result?.processing_info.models_available).toEqual(['xgboost', 'random_forest', 'svm']);
  });

  test('When a file is no audio, then the analysis fails with its code and the one-call endpoint says the same', async () => {
    const text = { content: new Blob(['not a recording, only words\n'.repeat(50)]), filename: 'letter.txt' };
    const { id } = await system.client.submit(text);
    const analysis = await system.client.wait(id, { timeoutSec: 30 });
    expect(analysis).toMatchObject({ status: 'failed', error: { code: 'not_audio' } });
    expect(analysis.result).toBeUndefined();
    await expect(system.client.analyzeVoiceData(text)).rejects.toMatchObject({
      problem: { code: 'not_audio', status: 415 },
    });
  });

  test('When Redis is emptied, then every finished analysis is still answered, from the store', async () => {
    const { id } = await system.client.submit(await recording('real-en-3s.wav'));
    const before = await system.client.wait(id, { timeoutSec: 30 });
    await system.redis.flushall();
    expect(await system.client.get(id)).toEqual(before);
  });

  test.each(['succeeded', 'queued'])(
    'When the job of an ended analysis, %s by the index, runs again, then the first outcome stays',
    async (status) => {
      const { id } = await system.client.submit(await recording('real-en-3s.wav'));
      const before = await system.client.wait(id, { timeoutSec: 30 });
      const queue = new Queue('analyses', { connection: system.redis, prefix: '{bonafide}' });
      const job = await until('the job has ended', async () => {
        const found = await queue.getJob(id);
        return found && (await found.isCompleted()) && found;
      });
      const entry = `{bonafide}:analysis:default:${id}`;
      await system.redis.hset(entry, 'status', status);
      await job.retry('completed');
      await until('the second run has ended', async () => {
        const again = await queue.getJob(id);
        return again && again.attemptsStarted > 1 && (await again.isCompleted());
      });
      await queue.close();
      expect(await system.client.get(id)).toEqual(before);
      expect(await system.redis.hget(entry, 'status')).toBe('succeeded');
    },
  );
});
