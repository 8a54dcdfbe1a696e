import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createFftPlan } from '../../packages/pipeline/src/signal/fft-plan';
import { createRealFft } from '../../packages/pipeline/src/signal/fft';
import { KERNELS_SOURCE_SHA256 } from '../../packages/pipeline/src/signal/kernels-binary';
import { hannWindow } from '../../packages/pipeline/src/signal/taper';
import { createWorkspace } from '../../packages/pipeline/src/signal/workspace';

const SOURCES = path.join(__dirname, '../../packages/pipeline/assembly');

function noise(length: number): Float32Array {
  let state = 1;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

test('When the kernels are compared with their sources, then the compiled ones are of these sources', () => {
  const digest = createHash('sha256');
  const names = readdirSync(SOURCES).filter((name) => name.endsWith('.ts'));
  for (const name of names.sort()) digest.update(readFileSync(path.join(SOURCES, name)));
  expect(digest.digest('hex')).toBe(KERNELS_SOURCE_SHA256);
});

test.each([64, 512, 1024])(
  'When frames of %i samples are transformed in pairs, then each is as alone',
  (size) => {
    const [frameCount, hop, bins] = [5, size / 4, size / 2];
    const samples = noise(size + (frameCount - 1) * hop);
    const workspace = createWorkspace(2 ** 20);
    const plan = createFftPlan(workspace, hannWindow(size));
    const input = workspace.float32(samples.length);
    input.set(samples);
    const [re, im, power] = [0, 0, 0].map(() => workspace.float32(frameCount * bins));
    const sums = workspace.float64(frameCount + 1);
    workspace.kernels.spectra(
      ...[input.byteOffset, frameCount, hop, plan.half, bins, plan.tables.byteOffset],
      ...[plan.scratch.byteOffset, re.byteOffset, im.byteOffset, power.byteOffset, sums.byteOffset],
    );
    const fft = createRealFft(size);
    const [x, y] = [new Float64Array(size / 2 + 1), new Float64Array(size / 2 + 1)];
    for (let t = 0; t < frameCount; t++) {
      const taper = hannWindow(size);
      fft.forward(
        taper.map((w, i) => w * samples[t * hop + i]),
        x,
        y,
      );
      for (let k = 0; k < bins; k++) {
        expect(re[t * bins + k]).toBeCloseTo(x[k], 4);
        expect(im[t * bins + k]).toBeCloseTo(y[k], 4);
      }
      const sum = x.subarray(0, bins).reduce((all, value, k) => all + value * value + y[k] * y[k], 0);
      expect(sums[t] / sum).toBeCloseTo(1, 10);
    }
  },
);

test('When logarithms are taken four at a time, then they are right to the last digits of a float', () => {
  const workspace = createWorkspace(2 ** 16);
  const values = workspace.float32(1001);
  const logs = workspace.float32(1001);
  values.set(Array.from({ length: 1001 }, (_, i) => 10 ** (i / 100 - 8)));
  workspace.kernels.logarithms(values.byteOffset, 1001, logs.byteOffset);
  values.forEach((value, i) => expect(Math.abs(logs[i] - Math.log(value))).toBeLessThan(3e-6));
});
