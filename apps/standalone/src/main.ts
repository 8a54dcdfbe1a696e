import { ConfigError, OpenDoorError, readConfig } from '@bonafide/platform';
import { DataFolderInUse, DataFolderUnusable } from './data-lock';
import { greeting } from './greeting';
import { hasKeys, refuseOpenDoorOf } from './keys';
import { PortTaken } from './ports';
import { becomesTrue, isReady, readiness } from './readiness';
import { startSystem, type System } from './system';

const READY_MS = 60_000;
const say = (line: string): void => console.log(line);

/** What a process was given can never be used; its own words say what. */
class StartRefused extends Error {}

/** Failures that a person can cure from the message alone. */
const isPlain = (error: unknown): error is Error =>
  error instanceof ConfigError ||
  error instanceof DataFolderInUse ||
  error instanceof OpenDoorError ||
  error instanceof PortTaken ||
  error instanceof DataFolderUnusable ||
  error instanceof StartRefused;

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

/** A process that can never be of use ends the start; once all is up, the others go on without it. */
function createRefusal() {
  let [isUp, give] = [false, (_why: string): void => undefined];
  const given = new Promise<string>((resolve) => (give = resolve));
  const startsAgain = (why: string): boolean => {
    if (!isUp) give(why);
    return isUp;
  };
  return { given, startsAgain, noMore: () => void (isUp = true) };
}

async function run(): Promise<void> {
  const config = readConfig();
  await refuseOpenDoorOf(config);
  const refusal = createRefusal();
  const starting = startSystem(config, { say, startsAgain: refusal.startsAgain });
  stopOnSignal(starting);
  const system = await starting;
  const becomesReady = becomesTrue(() => isReady(system.address), READY_MS);
  const why = await Promise.race([becomesReady.then(() => undefined), refusal.given]);
  if (why !== undefined) {
    await system.stop();
    throw new StartRefused(why);
  }
  refusal.noMore();
  if (await becomesReady) {
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
