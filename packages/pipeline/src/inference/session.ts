import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import './no-telemetry';

export type SessionOutput = { data: Float32Array; dims: readonly number[] };

/** One loaded ONNX graph. Shapes hold a number for a fixed axis and a name for a free one. */
export type Session = {
  inputShape(name: string): readonly (number | string)[] | undefined;
  outputNames: readonly string[];
  /**
   * Runs the graph on one float32 input, of which it takes a copy, and answers the named float32 outputs, in that order
   * (the runtime computes the others all the same).
   */
  run(
    input: string,
    data: Float32Array,
    dims: readonly number[],
    outputs: readonly string[],
  ): Promise<SessionOutput[]>;
};

/** Where graphs are loaded and run, one call after the other. */
export type ModelThread = {
  /** The bytes move into the thread: the caller has them no longer. @throws Error where they are no model */
  open(model: Uint8Array<ArrayBuffer>): Promise<Session>;
  close(): Promise<void>;
};

type Opened = {
  at: number;
  inputs: readonly [name: string, shape: readonly (number | string)[] | undefined][];
  outputNames: readonly string[];
};
type Message = { id: number; answer?: unknown; problem?: string };
type Waiting = { resolve: (answer: unknown) => void; reject: (problem: Error) => void };

/**
 * Starts a thread beside the event loop, which stays free while models compute. It keeps no process alive that has
 * nothing else to do; what breaks the thread itself ends the process, as it would without one.
 */
export function startModelThread(): ModelThread {
  const worker = new Worker(join(__dirname, 'model-thread.js'), { execArgv: [] });
  const waiting = new Map<number, Waiting>();
  let asked = 0;
  worker.on('message', ({ id, answer, problem }: Message) => {
    const { resolve, reject } = waiting.get(id)!;
    waiting.delete(id);
    if (waiting.size === 0) worker.unref();
    if (problem === undefined) resolve(answer);
    else reject(new Error(problem));
  });
  worker.unref();

  function ask<Answer>(
    what: 'open' | 'run' | 'close',
    about = {},
    moved: ArrayBuffer[] = [],
  ): Promise<Answer> {
    const id = ++asked;
    worker.ref();
    return new Promise<unknown>((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      worker.postMessage({ id, ask: what, about }, moved);
    }) as Promise<Answer>;
  }

  return {
    async open(model) {
      const { at, inputs, outputNames } = await ask<Opened>('open', { model }, [model.buffer]);
      const shapes = new Map(inputs);
      return {
        inputShape: (name) => shapes.get(name),
        outputNames,
        run: (input, data, dims, outputs) => ask<SessionOutput[]>('run', { at, input, data, dims, outputs }),
      };
    },
    async close() {
      await ask('close');
      await worker.terminate();
    },
  };
}
