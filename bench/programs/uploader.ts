import { randomBytes } from 'node:crypto';
import { Agent, request } from 'node:http';
import { distinctClips } from '../distinct-clips';
import { spreadOf } from '../statistics';

export type UploadRun = { wallSec: number; bytes: number; medianMs: number; p99Ms: number };

const BOUNDARY = 'bonafide-bench';

/** `uploader URL CLIP COUNT BYTES AT_ONCE`: sends so many recordings (0 bytes: the clip), prints an UploadRun. */
async function run([url, clip, count, bytes, atOnce]: readonly string[]): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: Number(atOnce) });
  const next = Number(bytes) > 0 ? () => randomBytes(Number(bytes)) : distinctClips(clip);
  const times: number[] = [];
  let left = Number(count);
  let sentBytes = 0;
  const sendOn = async () => {
    while (left-- > 0) {
      const body = formOf(next());
      sentBytes += body.length;
      const startMs = performance.now();
      await send(`${url}/v1/analyses`, body, agent);
      times.push(performance.now() - startMs);
    }
  };
  const startMs = performance.now();
  await Promise.all(Array.from({ length: Number(atOnce) }, sendOn));
  const { median_ms: medianMs, p99_ms: p99Ms } = spreadOf(times);
  const answer: UploadRun = {
    wallSec: (performance.now() - startMs) / 1000,
    bytes: sentBytes,
    medianMs,
    p99Ms,
  };
  agent.destroy();
  console.log(JSON.stringify(answer));
}

function formOf(content: Buffer): Buffer {
  const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="clip.wav"\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), content, Buffer.from(`\r\n--${BOUNDARY}--\r\n`)]);
}

function send(url: string, body: Buffer, agent: Agent): Promise<void> {
  const headers = {
    'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
    'content-length': body.length,
  };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.once('end', () =>
        response.statusCode === 202 ? resolve() : reject(new Error(`answered ${response.statusCode}`)),
      );
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

void run(process.argv.slice(2));
