import { createServer, STATUS_CODES, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { problemOf, type ErrorCode } from '@bonafide/contracts';
import { LONGEST_UPLOAD_MS, refuseOpenDoor } from '@bonafide/platform';
import { v7 as uuidv7 } from 'uuid';
import { createApp } from './app';
import { closeContext, type ApiContext } from './context';
import { drainable } from './drain';

export type RunningApi = { url: string; stop(): Promise<void> };

/** Above the idle time of usual proxies, so that they close first and never meet a closed connection. */
const KEEP_ALIVE_MS = 65_000;

/** Listens; `stop` takes no more requests, lets those under way be answered, then lets go of everything. */
export async function startApi(context: ApiContext): Promise<RunningApi> {
  const { host, port } = context.config.http;
  await refuseOpenDoor(host, () => context.keyring.hasKeys());
  const timing = { keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: LONGEST_UPLOAD_MS };
  // A request without a host is refused in our own words.
  const server = createServer({ ...timing, requireHostHeader: false });
  const draining = drainable(server);
  server.on('request', createApp(context));
  server.on('clientError', answerUnreadable);
  await listen(server, host, port);
  const { address, family, port: bound } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${bound}`,
    stop: async () => {
      const drained = draining.drain();
      context.live.events.close();
      await drained;
      await closeContext(context);
    },
  };
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const isTaken = error.code === 'EADDRINUSE';
      reject(isTaken ? new Error(`${host}:${port} is in use: choose another PORT`) : error);
    });
    server.listen(port, host, resolve);
  });
}

type Unreadable = readonly [code: ErrorCode, detail: string];
const NOT_HTTP: Unreadable = ['invalid_request', 'The request is not readable as HTTP'];
/** What else Node says of a request that never reaches a route. */
const UNREADABLE: Readonly<Record<string, Unreadable>> = {
  ERR_HTTP_REQUEST_TIMEOUT: ['request_timeout', 'The request did not arrive in time'],
  HPE_HEADER_OVERFLOW: ['headers_too_large', 'The headers are larger than the service reads'],
};

/** Such a request is still answered in words. */
function answerUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [code, detail] = UNREADABLE[error.code ?? ''] ?? NOT_HTTP;
  const problem = problemOf(code, detail, uuidv7());
  const body = JSON.stringify(problem);
  socket.end(
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\n` +
      `Content-Type: application/problem+json\r\nConnection: close\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
