import type { SourceFacts } from './audio/decode-report';
import { isCutShort } from './audio/promised-length';
import type { ChannelReader } from './channel-reader';
import type { ToldWarning } from './report';

const DAMAGED: ToldWarning = {
  text: 'Parts of the file are damaged and could not be decoded.',
  warning: { code: 'file_damaged' },
};

/** What of a file, read to its end, was not analysed. */
export function warningsOf(reader: ChannelReader): ToldWarning[] {
  const { source } = reader;
  return [...warningsOfTracks(source), ...warningsOfChannels(source), ...warningsOfFile(reader)];
}

/** What nobody hears who plays the file is not judged either; whoever chooses another track does. */
function warningsOfTracks({ tracks }: SourceFacts): ToldWarning[] {
  if (tracks <= 1) return [];
  return [
    {
      text: `The file has ${tracks} sound tracks; only the one that players play was analysed.`,
      warning: { code: 'other_tracks', tracks },
    },
  ];
}

/** Of a surround sound only what it is mixed down to is heard: a voice of one channel is weaker in it. */
function warningsOfChannels({ channels }: SourceFacts): ToldWarning[] {
  if (channels <= 2) return [];
  return [
    {
      text: `The file has ${channels} channels; they were mixed down to two before anything was analysed.`,
      warning: { code: 'channels_mixed', channels },
    },
  ];
}

/** Where a file breaks off its last piece is damaged as well: that is not told beside it. */
function warningsOfFile(reader: ChannelReader): ToldWarning[] {
  const { promisedSec } = reader;
  const thereSec = reader.durationSec();
  if (promisedSec === undefined || !isCutShort(promisedSec, thereSec)) {
    return reader.isDamaged() ? [DAMAGED] : [];
  }
  const [stated_sec, decoded_sec] = [promisedSec, thereSec].map((sec) => Number(sec.toFixed(1)));
  return [
    {
      text: `The file breaks off: of the ${stated_sec} s that it states only ${decoded_sec} s could be decoded; it was probably not copied completely.`,
      warning: { code: 'file_truncated', stated_sec, decoded_sec },
    },
  ];
}
