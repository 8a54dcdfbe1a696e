import { answerCheck, type JobHandler } from '@bonafide/platform';
import type { WorkerContext } from '../context';

/** Whoever asked waits for the answer, and gives up by itself where none comes. */
export function bundleCheck({ engine, redis }: WorkerContext): JobHandler<'bundle.check'> {
  return {
    run: async ({ payload: { check_id, ...ref } }) => {
      await answerCheck(redis, check_id, await engine.serving.check(ref));
    },
    giveUp: async ({ check_id, version }, { kind }) => {
      if (kind === 'crashed')
        await answerCheck(redis, check_id, `bundle refused: ${version} ended its worker`);
    },
  };
}
