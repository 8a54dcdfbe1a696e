/**
 * A receiver of webhooks: `WEBHOOK_SECRET=whsec_… node docs/examples/webhook-receiver.mjs [PORT]`. Any library for
 * Standard Webhooks does the same; what matters is that the body is verified exactly as it came.
 */
import { createServer } from 'node:http';
import { Webhook } from 'standardwebhooks';

const secret = process.env.WEBHOOK_SECRET;
const port = Number(process.argv[2] ?? 8080);
const seen = new Set();

createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  try {
    const event = new Webhook(secret).verify(Buffer.concat(chunks).toString(), request.headers);
    // A delivery may come twice, under the same id.
    const id = request.headers['webhook-id'];
    if (!seen.has(id)) console.log(event.type, event.data.id ?? '', event.data.result?.verdict ?? '');
    seen.add(id);
    response.writeHead(204).end();
  } catch (error) {
    console.error(`refused: ${error.message}`);
    response.writeHead(401).end();
  }
}).listen(port, '127.0.0.1', () => console.log(`listening on http://127.0.0.1:${port}`));
