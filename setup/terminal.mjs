/** What every set-up step says and runs: children inherit the terminal, a failure ends with one clear sentence. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

/** A failure that a person can act on; the message is all that is shown. */
export class SetupError extends Error {}

/** On the standard error, like all of set-up's output: the standard output belongs to the program that follows. */
export const say = (line) => console.error(`[set-up] ${line}`);

/** Runs a command with its output shown; Ctrl-C ends both it and us. @throws SetupError when it does not end with 0 */
export async function run(command, args, options = {}) {
  const child = spawn(command, args, { stdio: ['inherit', 2, 2], ...options });
  const [code] = await once(child, 'exit').catch(({ message }) => {
    throw new SetupError(`${command} could not be started: ${message}`);
  });
  if (code !== 0) throw new SetupError(`"${[command, ...args].join(' ')}" ended with ${code}`);
}

/** The output of a command, or undefined when it is absent or fails. */
export function capture(command, args, options = {}) {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 64 << 20, ...options });
  return status === 0 ? stdout : undefined;
}

/**
 * Runs a command to its end beside this process; resolves to its exit code, 1 if a signal ended it. What ends
 * this process ends the child: Ctrl-C reaches both from the terminal, the other signals are passed on.
 */
export function runToEnd(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', ...options });
    const passOn = (signal) => child.kill(signal);
    const leaveToChild = () => {};
    process.on('SIGTERM', passOn).on('SIGHUP', passOn).on('SIGINT', leaveToChild);
    child.on('error', reject);
    child.on('exit', (code) => {
      process.off('SIGTERM', passOn).off('SIGHUP', passOn).off('SIGINT', leaveToChild);
      resolve(code ?? 1);
    });
  });
}

/** Begins each only when the one before has ended. */
export async function inTurn(bodies) {
  const results = [];
  for (const body of bodies) results.push(await body());
  return results;
}

/** What all of them answer, once the last has ended: where one fails, its message is to be the last line. */
export async function together(running) {
  await Promise.allSettled(running);
  return Promise.all(running);
}

/** Of a command without options: whether it has said what it does, for that is all it was asked. @throws SetupError */
export function tellsItself(usage) {
  const [option] = process.argv.slice(2);
  const isAsked = ['--help', '-h'].includes(option);
  if (isAsked) console.log(usage);
  else if (option !== undefined)
    throw new SetupError(`${option} is not understood; this takes no options\n\n${usage}`);
  return isAsked;
}

/** The frame of every entry point: a SetupError is one line and exit code 1, anything else is a defect. */
export async function main(body) {
  try {
    await body();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(`\n[set-up] ${error.message}`);
    process.exitCode = 1;
  }
}
