import { ConfigError, OpenDoorError, readConfig } from '@bonafide/platform';
import { DataFolderInUse } from './data-lock';
import { greeting } from './greeting';
import { hasKeys, refuseOpenDoorOf } from './keys';
import { PortTaken } from './ports';
import { becomesTrue, isReady, readiness } from './readiness';
import { startSystem, type System } from './system';

const READY_MS = 60_000;
const say = (line: string): void => console.log(line);

/** Failures that a person can cure from the message alone. */
const isPlain = (error: unknown): error is Error =>
  error instanceof ConfigError ||
  error instanceof DataFolderInUse ||
  error instanceof OpenDoorError ||
  error instanceof PortTaken;

/** npm passes on a Ctrl-C that the terminal has sent to us already: both are one request. */
const ONE_REQUEST_MS = 1_000;

/** The first request to stop is granted in order, even while starting; a later one at once. */
function stopOnSignal(starting: Promise<System>): void {
  let askedAtMs: number | undefined;
  let system: System | undefined;
  const onSignal = (): void => {
    const nowMs = performance.now();
    if (askedAtMs !== undefined) {
      if (nowMs - askedAtMs < ONE_REQUEST_MS) return;
      system?.kill();
      process.exit(1);
    }
    askedAtMs = nowMs;
    say('Stopping: work in hand is finished or handed back. (Once more to stop at once.)');
    void starting.then((started) => started.stop()).then(() => process.exit(0));
  };
  starting.then(
    (started) => (system = started),
    () => undefined,
  );
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
}

async function run(): Promise<void> {
  const config = readConfig();
  await refuseOpenDoorOf(config);
  const starting = startSystem(config, say);
  stopOnSignal(starting);
  const system = await starting;
  if (await becomesTrue(() => isReady(system.address), READY_MS)) {
    say(greeting(config, { ...system, isKeyless: !(await hasKeys(config)) }));
  } else {
    say(`Not ready after ${READY_MS / 1000} s: ${(await readiness(system.address)).body}`);
    say(`The logs are in ${config.dataDir}/logs; the processes are kept running.`);
  }
}

run().catch((error: unknown) => {
  console.error(isPlain(error) ? error.message : error);
  process.exit(1);
});
