import { chmodSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import type { ChildSpec } from './child';
import { becomesTrue } from './readiness';

const HOST = '127.0.0.1';

export type EmbeddedRedis = { spec: ChildSpec; url: string; port: number };

/** A Redis whose data live in the data folder: every write is in its append-only file within a second. */
export function embeddedRedis(dataDir: string, port: number, env: NodeJS.ProcessEnv): EmbeddedRedis {
  const dir = path.join(dataDir, 'redis');
  mkdirSync(dir, { recursive: true });
  // What it writes down is for nobody else on this machine.
  chmodSync(dir, 0o700);
  writeFileSync(portFile(dataDir), String(port));
  const settings = {
    port: String(port),
    bind: HOST,
    dir,
    appendonly: 'yes',
    appendfsync: 'everysec',
    // What was deleted stands in the file until it is written anew: soon.
    'auto-aof-rewrite-min-size': '1mb',
    'maxmemory-policy': 'noeviction',
    save: '',
  };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  const spec: ChildSpec = { name: 'redis-server', command: 'redis-server', args, env, channel: 'none' };
  return { spec, url: `redis://${HOST}:${port}`, port };
}

const portFile = (dataDir: string): string => path.join(dataDir, 'redis', 'port');

/** How long the processes that a killed launcher left behind may take to notice, and to hand back their work. */
const FAREWELL_MS = 8_000;

/**
 * A launcher that was killed leaves its Redis behind, which would write to the same files as the next one:
 * it is told to end, after its folder proved that it is ours and its last client left.
 */
export async function endForsakenRedis(dataDir: string): Promise<void> {
  const port = Number(readTextOrNothing(portFile(dataDir)));
  if (!port) return;
  const answer = await ask(port, ['CONFIG GET dir', 'QUIT']);
  if (!answer.includes(realpathSync(path.join(dataDir, 'redis')))) return;
  const isAlone = async (): Promise<boolean> =>
    /connected_clients:1\b/.test(await ask(port, ['INFO clients', 'QUIT']));
  await becomesTrue(isAlone, FAREWELL_MS);
  await ask(port, ['SHUTDOWN NOSAVE']);
}

function readTextOrNothing(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** Sends inline commands; resolves to all that came back when Redis closes the connection, '' if none answers. */
export function ask(port: number, commands: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(port, HOST, () => socket.write(commands.map((each) => `${each}\r\n`).join('')));
    socket.setEncoding('utf8').setTimeout(2000, () => socket.destroy());
    socket.on('data', (text: string) => (answer += text));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(answer));
  });
}
