import type { Manifest, Member } from '@bonafide/contracts';
import { type HeardMember, readAnswer, readAnswers } from './answers';
import { BundleError } from './bundle';
import { piecesOf } from './own-window';
import type { Session } from './session';
import { createSpectrogram, spectrogramShape } from './spectrogram';

type SpectrogramMember = Extract<Member, { kind: 'spectrogram' }>;

/** p_fake of a window, and of its short stretches where the manifest's `localization` names the member. */
export type Heard = { pFake: number; stretches: readonly number[] };

/** A loaded model that scores one window's sound at its own rate. */
export type HeardScorer = { member: HeardMember; hear: (samples: Float32Array) => Promise<Heard> };

/** What a graph is given for a piece of sound, the innermost axes of it, and the fewest samples that it needs. */
type Look = {
  of: (piece: Float32Array) => Float32Array;
  axesOf: (samples: number) => number[];
  least: number;
};

/** @throws BundleError where the graph does not take what the manifest says that it gets */
export function openHeardMember(member: HeardMember, session: Session, manifest: Manifest): HeardScorer {
  const { window_sec: ownSec, sample_rate: rateHz } = member;
  const length = Math.round((ownSec ?? manifest.window_sec) * rateHz);
  const look = member.kind === 'waveform' ? asItIs : spectrogramOf(member, length);
  const shape = session.inputShape(member.input) ?? [];
  // Without a window of its own a member also gets the shorter ones of short recordings.
  const other = ownSec === undefined ? look.axesOf(look.least) : null;
  checkShape(member, shape, { axes: look.axesOf(length), other });
  const outputs = [member.output, ...stretchOutputOf(member, session, manifest)];
  return {
    member,
    hear: async (samples) => {
      const isOwn = ownSec !== undefined || samples.length < look.least;
      const pieces = isOwn ? piecesOf(samples, ownSec === undefined ? look.least : length) : [samples];
      let sum = 0;
      const stretches: number[] = [];
      for (const piece of pieces) {
        const axes = look.axesOf(piece.length);
        const dims = [...new Array<number>(shape.length - axes.length).fill(1), ...axes];
        const [whole, ...parts] = await session.run(member.input, look.of(piece), dims, outputs);
        sum += readAnswer(member, whole.data);
        for (const { data } of parts) stretches.push(...readAnswers(member, data));
      }
      return { pFake: sum / pieces.length, stretches };
    },
  };
}

/** The output that tells of stretches; none where another member does, or nobody. */
function stretchOutputOf(
  { name, file }: HeardMember,
  session: Session,
  { localization }: Manifest,
): string[] {
  if (localization?.member !== name) return [];
  const { output } = localization;
  if (session.outputNames.includes(output)) return [output];
  throw new BundleError(file, `has no output ${output} (localization.output)`);
}

const asItIs: Look = { of: (piece) => piece, axesOf: (samples) => [samples], least: 1 };

function spectrogramOf({ name, file, spectrogram, sample_rate }: SpectrogramMember, length: number): Look {
  const refuse = (problem: string): never => {
    throw new BundleError(file, `members.${name}.spectrogram.${problem}`);
  };
  const { fft_length, frame_length, mels, layout } = spectrogram;
  if (frame_length > fft_length) refuse('frame_length: is longer than fft_length');
  if (mels && mels.high_hz > sample_rate / 2) refuse('mels.high_hz: is above half of sample_rate');
  if (fft_length > length) refuse('fft_length: is longer than the window');
  return {
    of: createSpectrogram(spectrogram, sample_rate),
    axesOf: (samples) => {
      const { bands, frames } = spectrogramShape(spectrogram, samples);
      return layout === 'frequency_time' ? [bands, frames] : [frames, bands];
    },
    least: fft_length,
  };
}

/** Axes of one number must have that number for every window; what stands before them (batch, channel) is one. */
function checkShape(
  { name, file, input }: HeardMember,
  shape: readonly (number | string)[],
  { axes, other }: { axes: number[]; other: number[] | null },
): void {
  const expected = axes.map((axis, at) => (other && other[at] !== axis ? 'N' : axis));
  const outer = shape.slice(0, shape.length - axes.length);
  const inner = shape.slice(shape.length - axes.length);
  const fits =
    outer.length >= 1 &&
    outer.length <= 2 &&
    outer.every((axis) => typeof axis !== 'number' || axis === 1) &&
    inner.every((axis, at) => typeof axis !== 'number' || axis === expected[at]);
  if (fits) return;
  const problem = `input ${input} is [${shape.join(', ')}], expected [1, ${expected.join(', ')}]`;
  throw new BundleError(file, `${problem} (members.${name})`);
}
