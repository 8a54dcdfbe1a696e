import { Worker } from 'bullmq';

/** Takes jobs and does nothing with them: what the queue itself costs. */
function run(): void {
  const { port } = new URL(process.argv[2]);
  const connection = { host: '127.0.0.1', port: Number(port), maxRetriesPerRequest: null };
  const worker = new Worker('no-op', async () => undefined, {
    connection,
    prefix: '{bench}',
    concurrency: 1,
  });
  void worker.waitUntilReady().then(() => console.log('ready'));
  process.once('SIGTERM', () => void worker.close().then(() => process.exit(0)));
}

run();
