import path from 'node:path';
import type { ChildSpec } from './child';

/** The API and the workers, each told apart by the path in its command line. */
export function serviceChildren(workerCount: number, env: NodeJS.ProcessEnv): ChildSpec[] {
  const workers = Array.from({ length: workerCount }, (_, index) => `worker-${index + 1}`);
  return [nodeChild('api', 'api', env), ...workers.map((name) => nodeChild(name, 'worker', env))];
}

/** A worker's garbage is samples that lie outside the heap: collected often, its memory stays flat over hours of sound. */
const MEMORY_FLAGS: Readonly<Record<string, readonly string[]>> = { worker: ['--max-semi-space-size=4'] };

/** This file is bundled to apps/standalone/dist, beside which the other apps have theirs. */
const nodeChild = (name: string, app: string, env: NodeJS.ProcessEnv): ChildSpec => ({
  name,
  command: process.execPath,
  args: [
    '--enable-source-maps',
    ...(MEMORY_FLAGS[app] ?? []),
    path.resolve(__dirname, '..', '..', app, 'dist', 'main.js'),
  ],
  env,
  channel: 'ipc',
});
