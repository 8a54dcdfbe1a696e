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
  /** When what it has been asked is answered. From then on it refuses. */
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
  const ask = askingOf(worker);
  let closing: Promise<void> | undefined;

  async function askOpen<Answer>(
    what: 'open' | 'run',
    about: object,
    moved?: ArrayBuffer[],
  ): Promise<Answer> {
    if (closing) throw new Error('the models are closed');
    return (await ask(what, about, moved)) as Answer;
  }

  async function finish(): Promise<void> {
    await ask('close');
    await worker.terminate();
  }

  return {
    async open(model) {
      const { at, inputs, outputNames } = await askOpen<Opened>('open', { model }, [model.buffer]);
      const shapes = new Map(inputs);
      return {
        inputShape: (name) => shapes.get(name),
        outputNames,
        run: (input, data, dims, outputs) =>
          askOpen<SessionOutput[]>('run', { at, input, data, dims, outputs }),
      };
    },
    close: () => (closing ??= finish()),
  };
}

type Ask = (what: 'open' | 'run' | 'close', about?: object, moved?: ArrayBuffer[]) => Promise<unknown>;

/** Each question has one answer; while one is awaited the thread keeps the process alive. */
function askingOf(worker: Worker): Ask {
  const waiting = new Map<number, Waiting>();
  let asked = 0;
  const take = (id: number): Waiting => {
    const one = waiting.get(id)!;
    waiting.delete(id);
    if (waiting.size === 0) worker.unref();
    return one;
  };
  worker.on('message', ({ id, answer, problem }: Message) => {
    const { resolve, reject } = take(id);
    if (problem === undefined) resolve(answer);
    else reject(new Error(problem));
  });
  worker.unref();
  return (what, about = {}, moved = []) => {
    const id = ++asked;
    const answer = new Promise<unknown>((resolve, reject) => waiting.set(id, { resolve, reject }));
    worker.ref();
    try {
      worker.postMessage({ id, ask: what, about }, moved);
    } catch (error) {
      take(id).reject(error as Error);
    }
    return answer;
  };
}
