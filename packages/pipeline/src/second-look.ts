import type { Ensemble } from '@bonafide/contracts';
import type { Engine } from './channel-analysis';
import type { AnalysedWindow } from './clip-score';
import { meanLogits } from './ensemble/fusion';
import { featureRows, holdFew } from './feature-rows';
import { scoreRows } from './window-scores';

/** Measures the windows of a short recording at other speeds besides, where the manifest's `augmentation` says so. */
export type SecondLook = {
  add(analysed: AnalysedWindow, samples: Float32Array): void;
  /** To be called when all windows are there. */
  measure(): Promise<void>;
  /** Gives each window, which has been scored by now, the mean of what is said of it and of its looks. */
  score(): Promise<void>;
};

export function createSecondLook(engine: Engine, ensemble: Ensemble): SecondLook {
  const { manifest, members, extractor } = engine;
  const { fusion, augmentation } = manifest.ensembles[ensemble];
  const used = new Set(fusion.members);
  const short = holdFew<{ analysed: AnalysedWindow; samples: Float32Array }>(augmentation?.windows ?? 0);
  const looks: { analysed: AnalysedWindow; rows: Float32Array[] }[] = [];
  return {
    add: (analysed, samples) => short.add({ analysed, samples }),
    async measure() {
      for (const { analysed, samples } of short.all()) {
        const rows = await featureRows(extractor, samples, augmentation!.speeds);
        looks.push({ analysed, rows: rows.map((row) => row.slice(0, manifest.features.length)) });
      }
    },
    async score() {
      for (const { analysed, rows } of looks) {
        const first = analysed.logits!;
        const said = await scoreRows(members, used, rows);
        analysed.logits = meanLogits([first, ...said.map((logits) => ({ ...first, ...logits }))]);
      }
    },
  };
}
