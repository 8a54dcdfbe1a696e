import { openSession } from './session';

/** Turns a window of mono samples at 16 kHz into one vector. */
export type Encode = (samples16k: Float32Array) => Promise<Float32Array>;

/** Opens an encoder graph: input `waveform` [1, n], output `embedding` [1, dimension]. */
export async function openEncoder(path: string): Promise<Encode> {
  const session = await openSession(path);
  return async (samples) => {
    const { data } = await session.run('waveform', samples, [1, samples.length], 'embedding');
    return data.slice();
  };
}
