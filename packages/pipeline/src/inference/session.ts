import { InferenceSession, Tensor } from 'onnxruntime-node';

export type SessionOutput = { data: Float32Array; dims: readonly number[] };

/** One loaded ONNX graph. Shapes hold a number for a fixed axis and a name for a free one. */
export type Session = {
  inputShape(name: string): readonly (number | string)[] | undefined;
  outputNames: readonly string[];
  /**
   * Runs the graph on one float32 input and answers the named float32 outputs, in that order (the runtime computes
   * the others all the same). It waits for a turn of the event loop, then holds it while it computes: callers keep
   * their batches short.
   */
  run(
    input: string,
    data: Float32Array,
    dims: readonly number[],
    outputs: readonly string[],
  ): Promise<SessionOutput[]>;
  close(): Promise<void>;
};

/**
 * Loads a graph from a file or from its bytes (so that what was hashed is what runs). A process uses one
 * core, therefore one thread.
 */
export async function openSession(source: string | Uint8Array): Promise<Session> {
  const options: InferenceSession.SessionOptions = {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
  };
  const session =
    typeof source === 'string'
      ? await InferenceSession.create(source, options)
      : await InferenceSession.create(source, options);
  return {
    inputShape(name) {
      const metadata = session.inputMetadata[session.inputNames.indexOf(name)];
      return metadata?.isTensor ? metadata.shape : undefined;
    },
    outputNames: session.outputNames,
    async run(input, data, dims, outputs) {
      const results = await session.run({ [input]: new Tensor('float32', data, dims) }, outputs);
      return outputs.map((output) => {
        const tensor = results[output];
        if (!(tensor.data instanceof Float32Array)) throw new TypeError(`output ${output} is not float32`);
        return { data: tensor.data, dims: tensor.dims };
      });
    },
    close: () => session.release(),
  };
}
