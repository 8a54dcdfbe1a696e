import type { Server, ServerResponse } from 'node:http';

const LOOK_MS = 100;

/**
 * Lets a server end in order: it takes no connection more, answers every request it has begun, and tells the
 * callers on open connections that no further one is taken there. Without that a connection that falls idle
 * after the end was asked for would hold the process up until the caller leaves.
 */
export function drainable(server: Server): { drain(): Promise<void> } {
  const open = new Set<ServerResponse>();
  let isDraining = false;
  const isLast = (response: ServerResponse): void => {
    if (!response.headersSent) response.setHeader('Connection', 'close');
  };
  server.prependListener('request', (_request, response) => {
    open.add(response);
    response.once('close', () => open.delete(response));
    if (isDraining) isLast(response);
  });
  return {
    drain: async () => {
      isDraining = true;
      open.forEach(isLast);
      const closed = new Promise((resolve) => server.close(resolve));
      const timer = setInterval(() => server.closeIdleConnections(), LOOK_MS);
      await closed;
      clearInterval(timer);
    },
  };
}
