import { startChild, startSystem } from '../../tests/system';
import { coreCount, costOf } from '../cpu-time';
import type { Figure, PartResult } from '../figure';
import { SHORT_CLIP } from '../material';
import { keepToCore } from '../one-core';
import { programOf } from '../program';
import type { UploadRun } from '../programs/uploader';

const AT_ONCE = 200;
const WARM_UP = 300;
const LARGE_BYTES = 10 * 2 ** 20;

/** (f) What one API process on one core takes in, with 200 uploads under way at any time. */
export async function measureUploads({ uploads }: { uploads: number }): Promise<PartResult> {
  const system = await startSystem({ store: 'folder', workers: 0 });
  try {
    const isKept = keepToCore(0, system.api.pid);
    const send = async (count: number, bytes: number, atOnce: number) => {
      let run: UploadRun | undefined;
      const work = async () => (run = await upload(system.url, count, bytes, atOnce));
      const cost = await costOf(work, [system.api.pid]);
      return { ...(run as unknown as UploadRun), apiCpuSec: cost.cpuSec };
    };
    await send(WARM_UP, 0, AT_ONCE);
    const small = await send(uploads, 0, AT_ONCE);
    const large = await send(Math.max(20, uploads / 50), LARGE_BYTES, 16);
    const where = isKept ? 'on one core' : 'on all cores';
    const figures: Figure[] = [
      {
        what: `f: small uploads, ${AT_ONCE} at once, ${where}`,
        value: uploads / small.wallSec,
        unit: 'uploads/s',
        atLeast: 150,
      },
      {
        what: 'f: the same by the API’s processor time',
        value: uploads / small.apiCpuSec,
        unit: 'uploads/s',
        atLeast: 150,
      },
      { what: 'f: median of them', value: small.medianMs, unit: 'ms' },
      { what: 'f: 99th percentile of them', value: small.p99Ms, unit: 'ms' },
      {
        what: 'f: uploads of 10 MiB, 16 at once',
        value: large.bytes / large.wallSec / 2 ** 20,
        unit: 'MiB/s',
      },
    ];
    return { figures, details: { small, large } };
  } finally {
    await system.stop();
  }
}

/** From a process of its own, so that the sender does not slow itself down. */
async function upload(url: string, count: number, bytes: number, atOnce: number): Promise<UploadRun> {
  const args = [url, SHORT_CLIP, ...[count, bytes, atOnce].map(String)];
  const sender = startChild(process.execPath, [...programOf('uploader'), ...args], process.env);
  keepToCore(coreCount() - 1, sender.pid);
  if ((await sender.exited) !== 0) throw new Error(sender.output());
  return JSON.parse(sender.output()) as UploadRun;
}
