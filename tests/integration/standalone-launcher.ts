import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { until } from '../system/until';

export const root = path.join(__dirname, '../..');
export const WITHIN_SEC = 45;

export type Launcher = {
  process: ChildProcess;
  output: () => string;
  /** Resolves to the match once the terminal shows it. */
  shows: (pattern: RegExp) => Promise<RegExpExecArray>;
  ended: Promise<number | null>;
};

/** `npm start` as a person runs it, less npm itself. */
export function launch(env: Record<string, string>): Launcher {
  const child = spawn(process.execPath, ['setup/start.mjs'], {
    cwd: root,
    env: { ...process.env, REDIS_URL: '', S3_BUCKET: '', S3_ENDPOINT: '', WORKERS: '1', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (more: string) => (text += more));
  const ended = once(child, 'close').then(() => child.exitCode);
  const shows = async (pattern: RegExp): Promise<RegExpExecArray> => {
    const isOver = () => pattern.test(text) || child.exitCode !== null;
    await until(String(pattern), isOver, WITHIN_SEC).catch(({ message }: Error) => {
      throw new Error(`${message} in: ${text}`);
    });
    const match = pattern.exec(text);
    if (!match) throw new Error(`The launcher ended without showing ${String(pattern)}: ${text}`);
    return match;
  };
  return { process: child, output: () => text, shows, ended };
}

/** The address that a launcher prints once everything is up. */
export const addressOf = async (launcher: Launcher): Promise<string> =>
  (await launcher.shows(/is ready: (\S+)/))[1];

type View = { id: string; status: string; links?: unknown };

/** Hands in a recording whose bytes nobody knows: it has to be analysed. */
export async function submit(address: string, fields: Record<string, string> = {}): Promise<View> {
  const sound = readFileSync(path.join(root, 'tests/fixtures/real-en-3s.wav'));
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.set('file', new Blob([sound, randomUUID()]), 'hello.wav');
  return (await (await fetch(`${address}/v1/analyses`, { method: 'POST', body: form })).json()) as View;
}

export const analysis = async (address: string, id: string): Promise<View> =>
  (await (await fetch(`${address}/v1/analyses/${id}?wait=30`)).json()) as View;

export type ChildRow = { pid: number; commandLine: string };

/** The living children of a process; Linux only, as the suites are. */
export function childrenOf(pid: number): ChildRow[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((name) => {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (Number(parent) !== pid || state === 'Z') return [];
      return [
        {
          pid: Number(name),
          commandLine: readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' '),
        },
      ];
    } catch {
      return [];
    }
  });
}

/** Whether a process still runs; one that ended and awaits its parent does not. */
export function isRunning(pid: number): boolean {
  if (!existsSync(`/proc/${pid}/stat`)) return false;
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat[stat.lastIndexOf(')') + 2] !== 'Z';
}
