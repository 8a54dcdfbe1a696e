import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { type ModelThread, startModelThread } from '../../packages/pipeline/src/inference/session';
import { uniformNoise } from '../../packages/pipeline/src/signal/noise';

const ROOT = path.join(__dirname, '../..');
const NOISE = uniformNoise(4 * 16_000);
let thread: ModelThread;

const encoder = () => readFileSync(path.join(ROOT, 'models/bonafide-1/whisper_encoder.onnx'));

beforeAll(() => {
  thread = startModelThread();
});
afterAll(() => thread.close());

test('When a model runs in its thread, then it answers what the runtime answers', async () => {
  const plain = await InferenceSession.create(encoder(), { intraOpNumThreads: 1 });
  const session = await thread.open(encoder());
  expect(session.outputNames).toEqual(plain.outputNames);
  expect(session.inputShape('waveform')).toEqual([1, 'samples']);
  const expected = await plain.run({ waveform: new Tensor('float32', NOISE, [1, NOISE.length]) });
  const answers = await session.run('waveform', NOISE, [1, NOISE.length], session.outputNames);
  for (const [at, { data, dims }] of answers.entries()) {
    const { data: wanted, dims: shape } = expected[session.outputNames[at]];
    expect(dims).toEqual(shape);
    expect([...data]).toEqual([...(wanted as Float32Array)]);
  }
  await plain.release();
});

test('When a model computes, then the event loop turns meanwhile', async () => {
  const session = await thread.open(encoder());
  let [turns, isOver] = [0, false];
  const turn = () => (isOver ? undefined : (turns++, setImmediate(turn)));
  turn();
  await session.run('waveform', NOISE, [1, NOISE.length], session.outputNames);
  isOver = true;
  expect(turns).toBeGreaterThan(50);
});

test('When the thread is asked for what it cannot do, then it says so and goes on', async () => {
  const session = await thread.open(encoder());
  const run = (input: string, length: number) => session.run(input, NOISE, [1, length], session.outputNames);
  await expect(thread.open(new TextEncoder().encode('not a model'))).rejects.toThrow(/./);
  await expect(run('sound', NOISE.length)).rejects.toThrow(/waveform/);
  await expect(run('waveform', 7)).rejects.toThrow(/7/);
  await expect(run('waveform', NOISE.length)).resolves.toHaveLength(session.outputNames.length);
});

test('When the models are closed, then what was asked before is answered and what is asked after hears so', async () => {
  const own = startModelThread();
  const session = await own.open(encoder());
  const run = () => session.run('waveform', NOISE, [1, NOISE.length], session.outputNames);
  const [before, closed, after] = [run(), own.close(), run()];
  await expect(after).rejects.toThrow('closed');
  await expect(before).resolves.toHaveLength(session.outputNames.length);
  await closed;
  await expect(own.open(encoder())).rejects.toThrow('closed');
  await own.close();
});

test('When something cannot be handed to the thread, then the caller hears so and the thread goes on', async () => {
  const session = await thread.open(encoder());
  const unsendable = [1, () => NOISE.length] as unknown as number[];
  await expect(session.run('waveform', NOISE, unsendable, session.outputNames)).rejects.toThrow('cloned');
  await expect(session.run('waveform', NOISE, [1, NOISE.length], session.outputNames)).resolves.toBeDefined();
});

test('When a process has nothing else to do, then its models keep it no longer', () => {
  const program = path.join(ROOT, 'tests/system/idle-models.ts');
  const command = ['--conditions=source', '--import', 'tsx', program, path.join(ROOT, 'models')];
  expect(execFileSync(process.execPath, command, { encoding: 'utf8', timeout: 30_000 })).toBe('loaded\n');
});
