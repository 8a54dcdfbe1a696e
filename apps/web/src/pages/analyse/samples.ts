export type Sample = {
  file: string;
  kind: 'real' | 'fake' | 'mixed';
  language: string;
  licence: string;
};

/** Recordings to try at once; who made them stands beside them, as their licences ask. */
export const SAMPLES: readonly Sample[] = [
  {
    file: 'real-en.wav',
    kind: 'real',
    language: 'en',
    licence: 'CC BY-SA 3.0',
  },
  { file: 'real-it.flac', kind: 'real', language: 'it', licence: 'CC BY 3.0' },
  { file: 'fake-en.flac', kind: 'fake', language: 'en', licence: 'CC0' },
  {
    file: 'fake-ja.mp3',
    kind: 'fake',
    language: 'ja',
    licence: 'Apache 2.0',
  },
  {
    file: 'partly-fake-en.flac',
    kind: 'mixed',
    language: 'en',
    licence: 'CC BY-SA 3.0',
  },
  {
    file: 'call-two-channels.flac',
    kind: 'mixed',
    language: 'fr, ja',
    licence: 'CC BY-SA 3.0',
  },
];
