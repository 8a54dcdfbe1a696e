import { createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What becomes of a request, once that is known: as long as it is not, the request has no answer. */
export type Treatment = 'served' | 'refused' | 'unanswered';
export type StoreProxy = { endpoint: string; close(): void };

/** Stands before an S3 server that asks for no signatures. */
export async function startStoreProxy(
  target: string,
  treat: (what: { method: string; path: string }) => Promise<Treatment>,
): Promise<StoreProxy> {
  const server = createServer((incoming, outgoing) => {
    const { method = '', url = '', headers } = incoming;
    const serve = (treatment: Treatment) => {
      const onward = request(new URL(url, target), { method, headers }, (answer: IncomingMessage) => {
        if (treatment === 'unanswered') return;
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      onward.once('error', () => outgoing.destroy());
      incoming.pipe(onward);
    };
    const refuse = () => incoming.resume().once('end', () => outgoing.writeHead(503).end());
    void treat({ method, path: new URL(url, target).pathname }).then((treatment) =>
      treatment === 'refused' ? refuse() : serve(treatment),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
