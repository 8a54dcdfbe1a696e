import { BundleError, DecoderError, loadDetector } from '@bonafide/pipeline';
import { collectSeldom, readConfig } from '@bonafide/platform';
import { type Arguments, parseArguments, USAGE } from './analyze-arguments';
import type { ChildSetup } from './analyze-child';
import { analyzeFile, type FileAnswer } from './analyze-file';
import { listFiles } from './analyze-files';
import { analyzeInChildren, RefusedError } from './analyze-pool';
import { analyzeOnServer, ServerError } from './analyze-remote';
import { tableHeader, tableRow } from './analyze-table';
import { UsageError } from './usage-error';

type Exit = 0 | 1 | 2;

async function main(argv: readonly string[]): Promise<Exit> {
  const args = parseArguments(argv);
  if (args === 'help') {
    process.stdout.write(USAGE);
    return 0;
  }
  const { analysis } = readConfig();
  const setup: ChildSetup = {
    modelsDir: args.modelsDir ?? analysis.modelsDir,
    ffmpegPath: analysis.ffmpegPath,
    options: {
      profile: args.profile,
      ensemble: args.ensemble,
      maxDurationSec: analysis.maxDurationSec,
      timeoutSec: analysis.timeoutSec,
    },
  };
  let leftOut = 0;
  const files = await listFiles(args.targets, () => leftOut++);
  if (leftOut > 0) process.stderr.write(`analyze: files left out, not named as recordings are: ${leftOut}\n`);
  if (files.length === 0) throw new UsageError(`there are no recordings in ${args.targets.join(', ')}`);
  return analyzeAll(files, setup, args);
}

/** Answers go out in the order of the files, each as soon as those before it are done. */
async function analyzeAll(
  files: readonly string[],
  setup: ChildSetup,
  { format, jobs, server, key }: Arguments,
): Promise<Exit> {
  let failures = 0;
  if (format === 'table') process.stdout.write(`${tableHeader()}\n`);
  const show = (answer: FileAnswer, index: number) => {
    if (!answer.success) failures++;
    process.stdout.write(`${format === 'json' ? JSON.stringify(answer) : tableRow(answer)}\n`);
    if (format === 'table') process.stderr.write(`${index + 1} of ${files.length} done\n`);
  };
  if (server !== undefined) await analyzeOnServer(files, { server, key, jobs, options: chosen(setup) }, show);
  else if (Math.min(jobs, files.length) > 1)
    await analyzeInChildren(files, Math.min(jobs, files.length), setup, show);
  else await analyzeHere(files, setup, show);
  return failures === 0 ? 0 : 1;
}

const chosen = ({ options: { profile, ensemble } }: ChildSetup) => ({ profile, ensemble });

async function analyzeHere(
  files: readonly string[],
  setup: ChildSetup,
  show: (answer: FileAnswer, index: number) => void,
): Promise<void> {
  collectSeldom();
  const detector = await loadDetector(setup);
  for (const [index, file] of files.entries()) show(await analyzeFile(detector, file, setup.options), index);
  await detector.close();
}

// `analyze … | head` closes the pipe early: that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 2));

main(process.argv.slice(2)).then(
  (exit) => (process.exitCode = exit),
  (error: Error) => {
    const expected = [UsageError, BundleError, DecoderError, RefusedError, ServerError].some(
      (kind) => error instanceof kind,
    );
    process.stderr.write(`analyze: ${expected ? error.message : error.stack}\n`);
    if (error instanceof UsageError) process.stderr.write(`\n${USAGE}`);
    process.exitCode = 2;
  },
);
