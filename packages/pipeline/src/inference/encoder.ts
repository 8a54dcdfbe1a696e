import { readFile } from 'node:fs/promises';
import { startModelThread } from './session';

/** Turns a window of mono samples at 16 kHz into one vector. */
export type Encode = (samples16k: Float32Array) => Promise<Float32Array>;

/** Opens a graph that hears: input `waveform` [1, n], first output [1, dimension], whatever it is called. */
export async function openEncoder(path: string): Promise<Encode> {
  const session = await startModelThread().open(await readFile(path));
  const [output] = session.outputNames;
  return async (samples) => {
    const [{ data }] = await session.run('waveform', samples, [1, samples.length], [output]);
    return data;
  };
}
