import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import { childEnvironment, LEAN_PROCESS } from '@bonafide/platform';
import type { ChildSetup, FromChild, ToChild } from './analyze-child';
import { type FileAnswer, failureOf } from './analyze-file';

/** The models or the decoder cannot be used: no file can be analysed. */
export class RefusedError extends Error {}

/**
 * Analyses the files in child processes and calls `onAnswer` in the order of the files, as early as that allows.
 * A child that dies takes only its file with it; another one is started in its place.
 * @throws RefusedError
 */
export async function analyzeInChildren(
  files: readonly string[],
  jobs: number,
  setup: ChildSetup,
  onAnswer: (answer: FileAnswer, index: number) => void,
): Promise<void> {
  const answers = new Map<number, FileAnswer>();
  let nextFile = 0;
  let nextAnswer = 0;
  let isOver = false;
  const settle = (index: number, answer: FileAnswer) => {
    if (isOver) return;
    answers.set(index, answer);
    for (let ready = answers.get(nextAnswer); ready; ready = answers.get(nextAnswer)) {
      answers.delete(nextAnswer);
      onAnswer(ready, nextAnswer++);
    }
  };
  const children = new Set<ChildProcess>();
  const endChildren = () => children.forEach((child) => child.kill('SIGKILL'));
  process.once('exit', endChildren);
  const lane = async () => {
    while (nextFile < files.length && !isOver) {
      const child = startChild(setup);
      children.add(child);
      await feed(child, { files, take: () => nextFile++, settle });
      children.delete(child);
    }
  };
  try {
    await Promise.all(Array.from({ length: jobs }, lane));
  } finally {
    isOver = true;
    endChildren();
    process.removeListener('exit', endChildren);
  }
}

function startChild(setup: ChildSetup): ChildProcess {
  return fork(path.join(__dirname, `analyze-child${path.extname(__filename)}`), [JSON.stringify(setup)], {
    serialization: 'json',
    execArgv: [...process.execArgv, ...LEAN_PROCESS.execArgv],
    env: childEnvironment(LEAN_PROCESS.env),
  });
}

type Work = {
  files: readonly string[];
  take: () => number;
  settle: (index: number, answer: FileAnswer) => void;
};

/** Gives a child file after file until none is left or the child has died. */
function feed(child: ChildProcess, { files, take, settle }: Work): Promise<void> {
  return new Promise((resolve, reject) => {
    let current: number | undefined;
    let wasReady = false;
    const giveNext = () => {
      current = take();
      if (current < files.length) child.send({ file: files[current] } satisfies ToChild);
      else {
        current = undefined;
        child.disconnect();
      }
    };
    child.on('message', (message: FromChild) => {
      if (message.kind === 'refused') return reject(new RefusedError(message.message));
      if (message.kind === 'answer' && current !== undefined) settle(current, message.answer);
      wasReady = true;
      giveNext();
    });
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      if (!wasReady) return reject(new Error(`a child ended before it was ready (${signal ?? code})`));
      if (current !== undefined) {
        settle(current, failureOf(files[current], 'worker_crashed', 'The analysis ended its process'));
      }
      resolve();
    });
  });
}
