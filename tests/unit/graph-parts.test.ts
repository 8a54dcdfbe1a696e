import { readFileSync } from 'node:fs';
import path from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { Writer } from 'protobufjs/minimal';
import { cutGraph } from '../../packages/pipeline/src/inference/graph-parts';
import { openSession } from '../../packages/pipeline/src/inference/session';
import { uniformNoise } from '../../packages/pipeline/src/signal/noise';

const ENCODER = path.join(__dirname, '../../models/bonafide-1/whisper_encoder.onnx');
/** An attribute that holds a graph (onnx.proto: AttributeProto.g), as of If and Loop. */
const WITH_A_GRAPH = message(6, message(1, message(4, Buffer.from('Identity'))));

function message(id: number, ...contents: Uint8Array[]): Uint8Array {
  const content = Buffer.concat(contents);
  return new Writer()
    .uint32((id << 3) | 2)
    .bytes(content)
    .finish();
}

const name = (id: number, text: string) => message(id, Buffer.from(text));

/** Three products in a row, each with four million weights, which are not there. */
function longGraph(attribute?: Uint8Array): Uint8Array {
  const weights = message(5, Uint8Array.of(8, 0x80, 0x89, 0x7a, 8, 2), name(8, 'weights'));
  const product = (input: string, output: string) =>
    message(
      1,
      name(1, input),
      name(1, 'weights'),
      name(2, output),
      name(4, 'MatMul'),
      ...(attribute ? [message(5, attribute)] : []),
    );
  const value = (id: number, text: string) => message(id, name(1, text));
  return message(
    7,
    product('x', 'y'),
    product('y', 'z'),
    product('z', 'answer'),
    weights,
    value(11, 'x'),
    value(12, 'answer'),
  );
}

describe('a graph in parts', () => {
  test('When the encoder is opened, then its parts answer what the whole answers', async () => {
    const model = readFileSync(ENCODER);
    expect(cutGraph(model)?.parts.length).toBeGreaterThan(2);
    const whole = await InferenceSession.create(model, { intraOpNumThreads: 1 });
    const parts = await openSession(model);
    expect(parts.outputNames).toEqual(whole.outputNames);
    expect(parts.inputShape('waveform')).toEqual([1, 'samples']);
    for (const seconds of [0.5, 1.7, 4]) {
      const noise = uniformNoise(seconds * 16_000);
      const expected = await whole.run({ waveform: new Tensor('float32', noise, [1, noise.length]) });
      const answers = await parts.run('waveform', noise, [1, noise.length], parts.outputNames);
      for (const [at, { data, dims }] of answers.entries()) {
        const { data: wanted, dims: shape } = expected[parts.outputNames[at]];
        expect(dims).toEqual(shape);
        expect(data.length).toBeGreaterThan(0);
        expect(data.map((value, i) => Math.abs(value - Number(wanted[i]))).every((off) => off < 1e-6)).toBe(
          true,
        );
      }
    }
    await Promise.all([whole.release(), parts.close()]);
  });

  test('When a graph is long, then it is cut where a step ends, and each part has its weights', () => {
    const cut = cutGraph(longGraph());
    expect(cut?.outputs).toEqual(['answer']);
    const moved = cut!.parts.map(({ takes, gives }) => [takes, gives]);
    expect(moved).toEqual([
      [['x'], ['y']],
      [['y'], ['z']],
      [['z'], ['answer']],
    ]);
  });

  test('When a node holds a graph, which sees the values around it, then the whole stays in one', () => {
    expect(cutGraph(longGraph(WITH_A_GRAPH))).toBeNull();
  });

  test('When the bytes are no model, then the session says so', async () => {
    await expect(openSession(Buffer.from('not a model'))).rejects.toThrow(Error);
  });
});
