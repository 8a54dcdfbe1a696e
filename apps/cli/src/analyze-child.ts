import { loadDetector } from '@bonafide/pipeline';
import { collectSeldom } from '@bonafide/platform';
import { analyzeFile, type FileAnswer, type FileOptions } from './analyze-file';

export type ChildSetup = { modelsDir: string; ffmpegPath: string | undefined; options: FileOptions };
export type ToChild = { file: string };
export type FromChild =
  { kind: 'ready' } | { kind: 'refused'; message: string } | { kind: 'answer'; answer: FileAnswer };

/** A process of its own for one core: told what to load by its argument, then given one file after another. */
async function run(setup: ChildSetup): Promise<void> {
  collectSeldom();
  const send = (message: FromChild) => process.send?.(message);
  process.once('disconnect', () => process.exit(0));
  // Ctrl-C reaches the whole group; the parent decides when its children end.
  process.on('SIGINT', () => undefined);
  const refuse = ({ message }: Error) => void send({ kind: 'refused', message });
  const detector = await loadDetector(setup).catch(refuse);
  if (!detector) return;
  process.on('message', ({ file }: ToChild) => {
    analyzeFile(detector, file, setup.options).then((answer) => send({ kind: 'answer', answer }), refuse);
  });
  send({ kind: 'ready' });
}

void run(JSON.parse(process.argv[2]) as ChildSetup);
