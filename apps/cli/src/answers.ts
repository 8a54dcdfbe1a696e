import { once } from 'node:events';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openRowGraph } from '@bonafide/pipeline';

const USAGE = `Rows of N float32 from the standard input, p_fake of each as float32 on the standard output, both little endian.
So training finds out what the runtime of the service makes of the graphs that it has written.

  npm run --silent answers -- --model FILE.onnx --columns N [--input NAME]

  --input NAME   of the graph (default: features)
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean', short: 'h' },
      model: { type: 'string' },
      columns: { type: 'string' },
      input: { type: 'string', default: 'features' },
    },
  });
  if (values.help) return void process.stdout.write(USAGE);
  const columns = Number(values.columns);
  if (values.model === undefined || !Number.isInteger(columns) || columns < 1)
    throw new Error('--model FILE.onnx and --columns N are needed');
  const file = resolve(values.model);
  const answer = await openRowGraph(file, {
    name: file,
    input: values.input,
    output: 'probabilities',
    columns,
  });
  for await (const rows of wholeRows(process.stdin, columns * Float32Array.BYTES_PER_ELEMENT)) {
    const scores = Float32Array.from(await answer(rows));
    if (!process.stdout.write(Buffer.from(scores.buffer))) await once(process.stdout, 'drain');
  }
}

/** What comes in as it comes, cut where a row ends. */
async function* wholeRows(stream: AsyncIterable<Buffer>, rowBytes: number): AsyncIterable<Float32Array> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of stream) {
    const bytes = Buffer.concat([rest, chunk]);
    const end = bytes.length - (bytes.length % rowBytes);
    rest = bytes.subarray(end);
    // A copy of its own: a pooled buffer need not begin where a float32 may.
    if (end > 0) yield new Float32Array(Uint8Array.from(bytes.subarray(0, end)).buffer);
  }
  if (rest.length > 0) throw new Error(`the last row breaks off after ${rest.length} bytes`);
}

main().catch((error: unknown) => {
  process.stderr.write(`answers: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
