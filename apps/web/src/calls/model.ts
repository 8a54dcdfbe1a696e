import type { Model, ReliabilityBin, Report, SystemFigures } from '@bonafide/contracts';
import { signal } from '@preact/signals';
import { call } from './http';

export const model = signal<Model | null>(null);
/** Where a page reads of the models, and where it leads to for more. */
export type ModelPlace = { api: string; page: string };
export const OWN_MODEL: ModelPlace = { api: '/v1/models/current', page: '/model' };
/** For who came by a link and has no key. */
export const sharedModel = (token: string): ModelPlace => ({
  api: `/v1/shared/${token}/model`,
  page: `/shared/${token}/model`,
});

/** Why there is none. */
export const modelError = signal<Error | null>(null);
let asked: Promise<void> | undefined;

/** Reads what the pages say of the models, once; without it they say less. */
export function readModel({ api }: ModelPlace = OWN_MODEL): Promise<void> {
  asked ??= call<Model>(api).then(
    (read) => {
      model.value = read;
      modelError.value = null;
    },
    (error: Error) => {
      modelError.value = error;
      asked = undefined;
    },
  );
  return asked;
}

/** Figures of the system that a report came from, on sources that no model was trained on where there are any. */
export function figuresFor(
  { evaluation }: Model,
  { ensemble }: Pick<Report, 'ensemble'>,
): SystemFigures | undefined {
  const name = ensemble === 'full' ? 'fusion' : 'classic';
  const { dev, cv } = evaluation?.protocols ?? {};
  return dev?.[name] ?? cv?.[name];
}

/** The test recordings that were scored like this one; undefined where there were none. */
export function binOf(figures: SystemFigures, pFake: number): ReliabilityBin | undefined {
  const bins = figures.calibration.reliability;
  const bin = bins.find(({ low, high }) => pFake >= low && pFake < high) ?? bins.at(-1);
  return bin && bin.n > 0 && bin.share_fake !== null && bin.share_fake !== undefined ? bin : undefined;
}
