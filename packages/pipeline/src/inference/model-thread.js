/**
 * The program of the thread that models run in (see session.ts): the runtime computes where it is called, and would hold
 * the event loop for as long. Plain JavaScript, for a thread starts from a file, in tests from this one.
 */
const { parentPort } = require('node:worker_threads');
const { InferenceSession, Tensor } = require('onnxruntime-node');

/** One thread for models beside the event loop's own. */
const OPTIONS = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  logSeverityLevel: 3,
  enableMemPattern: false,
};
const sessions = [];

const answers = {
  async open({ model }) {
    const session = await InferenceSession.create(model, OPTIONS);
    const inputs = session.inputMetadata.map(({ name, isTensor, shape }) => [
      name,
      isTensor ? shape : undefined,
    ]);
    return { at: sessions.push(session) - 1, inputs, outputNames: session.outputNames };
  },
  async run({ at, input, data, dims, outputs }) {
    const values = await sessions[at].run({ [input]: new Tensor('float32', data, dims) });
    return outputs.map((name) => {
      if (values[name].type !== 'float32') throw new TypeError(`output ${name} is not float32`);
      return { data: values[name].data, dims: values[name].dims };
    });
  },
  async close() {
    await Promise.all(sessions.map((session) => session.release()));
  },
};

async function answer({ id, ask, about }) {
  try {
    parentPort.postMessage({ id, answer: await answers[ask](about) });
  } catch ({ message }) {
    parentPort.postMessage({ id, problem: message });
  }
}

/** In turn: nothing is closed while something runs. */
let before = Promise.resolve();
parentPort.on('message', (message) => {
  before = before.then(() => answer(message));
});
