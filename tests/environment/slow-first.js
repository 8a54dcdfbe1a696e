const { default: Sequencer } = require('@jest/test-sequencer');

/** Suites of a minute and more. In a fresh clone jest knows no durations and goes by the size of the files. */
const SLOW = [
  'faults/outages',
  'integration/availability',
  'integration/schemathesis',
  'browser/accessibility',
  'integration/batch-recovery',
  'faults/taking-in',
  'browser/batches',
  'integration/standalone',
  'browser/analyse',
  'integration/events',
  'integration/analysis-end',
  'unit/score-invariance',
  'integration/recovery',
];

/** The slow ones first, or the last of them runs on alone while the other cores have nothing left to do. */
class SlowFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const at = SLOW.findIndex((name) => path.endsWith(`${name}.test.ts`));
      return at < 0 ? SLOW.length : at;
    };
    return super.sort(tests).sort((a, b) => rank(a) - rank(b));
  }
}

module.exports = SlowFirst;
