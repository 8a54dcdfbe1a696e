import path from 'node:path';
import { LEAN_PROCESS } from '@bonafide/platform';
import type { ChildSpec } from './child';

/** The API and the workers, each told apart by the path in its command line. */
export function serviceChildren(workerCount: number, env: NodeJS.ProcessEnv): ChildSpec[] {
  const { execArgv, env: leanEnv } = LEAN_PROCESS;
  const workers = Array.from({ length: workerCount }, (_, index) =>
    nodeChild(`worker-${index + 1}`, { app: 'worker', execArgv, env: { ...leanEnv, ...env } }),
  );
  return [nodeChild('api', { app: 'api', execArgv: [], env }), ...workers];
}

type NodeApp = { app: string; execArgv: readonly string[]; env: NodeJS.ProcessEnv };

/** This file is bundled to apps/standalone/dist, beside which the other apps have theirs. */
const nodeChild = (name: string, { app, execArgv, env }: NodeApp): ChildSpec => ({
  name,
  command: process.execPath,
  args: ['--enable-source-maps', ...execArgv, path.resolve(__dirname, '..', '..', app, 'dist', 'main.js')],
  env,
  channel: 'ipc',
});
