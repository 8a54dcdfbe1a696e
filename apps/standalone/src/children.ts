import path from 'node:path';
import type { ChildSpec } from './child';

/** The API and the workers, each told apart by the path in its command line. */
export function serviceChildren(workerCount: number, env: NodeJS.ProcessEnv): ChildSpec[] {
  const workers = Array.from({ length: workerCount }, (_, index) => `worker-${index + 1}`);
  return [nodeChild('api', 'api', env), ...workers.map((name) => nodeChild(name, 'worker', env))];
}

/** This file is bundled to apps/standalone/dist, beside which the other apps have theirs. */
const nodeChild = (name: string, app: string, env: NodeJS.ProcessEnv): ChildSpec => ({
  name,
  command: process.execPath,
  args: ['--enable-source-maps', path.resolve(__dirname, '..', '..', app, 'dist', 'main.js')],
  env,
  channel: 'ipc',
});
