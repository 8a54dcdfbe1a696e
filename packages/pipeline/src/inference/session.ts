import { readFile } from 'node:fs/promises';
import './no-telemetry';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { cutGraph, type Described } from './graph-parts';
import { inOwnTurn } from '../signal/own-turn';

export type SessionOutput = { data: Float32Array; dims: readonly number[] };

/** One loaded ONNX graph. Shapes hold a number for a fixed axis and a name for a free one. */
export type Session = {
  inputShape(name: string): readonly (number | string)[] | undefined;
  outputNames: readonly string[];
  /**
   * Runs the graph on one float32 input and answers the named float32 outputs, in that order (the runtime computes
   * the others all the same). It waits for a turn of the event loop, then holds it while it computes, a long graph
   * once for each of its parts: callers keep their batches short.
   */
  run(
    input: string,
    data: Float32Array,
    dims: readonly number[],
    outputs: readonly string[],
  ): Promise<SessionOutput[]>;
  close(): Promise<void>;
};

/** A process uses one core, therefore one thread. */
const OPTIONS: InferenceSession.SessionOptions = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  logSeverityLevel: 3,
  enableMemPattern: false,
};

/** By the numbers that onnx.proto gives them (TensorProto.DataType). */
const TYPES: readonly string[] = [
  'undefined',
  'float32',
  'uint8',
  'int8',
  'uint16',
  'int16',
  'int32',
  'int64',
  'string',
  'bool',
  'float16',
  'float64',
  'uint32',
  'uint64',
];

/** Loads a graph from a file or from its bytes (so that what was hashed is what runs). */
export async function openSession(source: string | Uint8Array): Promise<Session> {
  const model = typeof source === 'string' ? await readFile(source) : source;
  const { sessions, outputNames } = (await openInParts(model)) ?? (await openWhole(model));
  const inputs = new Map(
    sessions.flatMap(({ inputMetadata }) => inputMetadata.map((each) => [each.name, each])),
  );
  return {
    inputShape(name) {
      const metadata = inputs.get(name);
      return metadata?.isTensor ? metadata.shape : undefined;
    },
    outputNames,
    async run(input, data, dims, outputs) {
      const values = await runAll(sessions, { [input]: new Tensor('float32', data, dims) });
      return outputs.map((output) => {
        const tensor = values[output];
        if (!(tensor.data instanceof Float32Array)) throw new TypeError(`output ${output} is not float32`);
        return { data: tensor.data, dims: tensor.dims };
      });
    },
    close: async () => void (await Promise.all(sessions.map((session) => session.release()))),
  };
}

type Values = Record<string, Tensor>;

/** Runs sessions one after the other, each on what those before it gave. */
async function runAll(sessions: readonly InferenceSession[], given: Values): Promise<Values> {
  const values = { ...given };
  for (const session of sessions) {
    const feeds = Object.fromEntries(session.inputNames.map((name) => [name, values[name]]));
    Object.assign(values, await inOwnTurn(() => session.run(feeds)));
  }
  return values;
}

type Opened = { sessions: readonly InferenceSession[]; outputNames: readonly string[] };

async function openWhole(model: Uint8Array): Promise<Opened> {
  const session = await InferenceSession.create(model, OPTIONS);
  return { sessions: [session], outputNames: session.outputNames };
}

/** Null of a graph that is not cut, or whose parts hand on what is no tensor. */
async function openInParts(whole: Uint8Array): Promise<Opened | null> {
  const cut = cutGraph(whole);
  if (!cut) return null;
  const sessions: InferenceSession[] = [];
  const described = new Map<string, Described>();
  const release = () => Promise.all(sessions.map((session) => session.release()));
  try {
    for (const part of cut.parts) {
      const model = part.written((name) => described.get(name)!);
      const session = await InferenceSession.create(model, OPTIONS);
      sessions.push(session);
      for (const value of session.outputMetadata) {
        if (!value.isTensor) return await release().then(() => null);
        described.set(value.name, { type: TYPES.indexOf(value.type), shape: value.shape });
      }
    }
  } catch (error) {
    await release();
    throw error;
  }
  return { sessions, outputNames: cut.outputs };
}
