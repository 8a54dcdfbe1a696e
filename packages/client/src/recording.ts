/** What is handed over: a file … */
export type Recording = { content: Blob; filename: string };
/** … or a stream whose length nobody needs to know. */
export type StreamedRecording = { content: ReadableStream<Uint8Array>; filename: string };

type Texts = Readonly<Record<string, string | undefined>>;
type Form = { body: RequestInit['body']; headers?: Record<string, string> };

/** A multipart form with the texts first and the recording in the field `file`. */
export function formOf({ content, ...named }: Recording | StreamedRecording, texts: Texts): Form {
  const filename = withoutControls(named.filename);
  const given = Object.entries(texts).filter((entry): entry is [string, string] => entry[1] !== undefined);
  if (!(content instanceof Blob)) return streamedForm({ content, filename }, given);
  const form = new FormData();
  for (const [name, value] of given) form.set(name, value);
  form.set('file', content, filename);
  return { body: form };
}

/** A form whose file is read while it is sent: never more than a few blocks are in memory. */
function streamedForm(
  { content, filename }: StreamedRecording,
  texts: readonly (readonly [string, string])[],
): Form {
  const boundary = `bonafide-${crypto.randomUUID()}`;
  const part = (rest: string) => `--${boundary}\r\nContent-Disposition: form-data; ${rest}`;
  const head = [
    ...texts.map(([name, value]) => part(`name="${escaped(name)}"\r\n\r\n${value}\r\n`)),
    part(`name="file"; filename="${escaped(filename)}"\r\nContent-Type: application/octet-stream\r\n\r\n`),
  ].join('');
  return {
    body: enclosed(content, head, `\r\n--${boundary}--\r\n`) as RequestInit['body'],
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  };
}

/** Servers refuse a form's head that holds them, and nobody can see them in a name. */
const withoutControls = (name: string) => name.replace(/[\u0000-\u001f\u007f]/g, '');

/** As browsers write names into a form (HTML, 4.10.21.8). */
const escaped = (name: string) =>
  name.replace(
    /["\r\n]/g,
    (character) => `%${character.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`,
  );

function enclosed(
  content: ReadableStream<Uint8Array>,
  head: string,
  tail: string,
): ReadableStream<Uint8Array> {
  const text = new TextEncoder();
  return content.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      start: (out) => out.enqueue(text.encode(head)),
      flush: (out) => out.enqueue(text.encode(tail)),
    }),
  );
}
