import { type BatchItem, type BatchStatus, type Counters, type ReportLanguage } from '@bonafide/contracts';

type Columns = Record<'path' | 'id' | 'state' | 'verdict' | 'score' | 'note', string>;

export type ReportTexts = {
  batch: string;
  decimalMark: string;
  times: (created: string, ended: string) => string;
  broken: string;
  disclaimer: string;
  columns: Columns;
  statuses: Record<BatchStatus | BatchItem['status'], string>;
  verdicts: Record<'CLONED' | 'AUTHENTIC' | 'inconclusive' | 'partly', string>;
  sums: Record<'waiting' | Exclude<keyof Counters, 'queued' | 'processing' | 'succeeded' | 'cached'>, string>;
  figure: string;
  figureNote: (most: number) => string;
  bar: (from: string, count: number) => string;
  duplicate: (index: number | null) => string;
  before: (verdict: string, score: string, model: string) => string;
  cached: string;
};

const en: ReportTexts = {
  batch: 'Batch',
  decimalMark: '.',
  times: (created, ended) => `Handed over ${created}, ended ${ended}`,
  broken: 'What was read before that stands below.',
  disclaimer:
    'A score says how likely a recording is cloned. It supports a decision and proves nothing; inconclusive means that the recording does not allow a judgement.',
  columns: { path: 'Path', id: 'Id', state: 'State', verdict: 'Verdict', score: 'Score', note: 'Note' },
  statuses: {
    queued: 'queued',
    processing: 'processing',
    succeeded: 'succeeded',
    completed: 'completed',
    failed: 'failed',
    skipped: 'skipped',
    canceled: 'canceled',
  },
  verdicts: {
    CLONED: 'CLONED',
    AUTHENTIC: 'AUTHENTIC',
    inconclusive: 'inconclusive',
    partly: 'partly cloned',
  },
  sums: {
    total: 'entries',
    cloned: 'cloned',
    authentic: 'authentic',
    inconclusive: 'inconclusive',
    partially_cloned: 'of these partly cloned',
    changed: 'changed',
    failed: 'failed',
    skipped: 'skipped',
    canceled: 'canceled',
    waiting: 'waiting',
  },
  figure: 'Recordings by score',
  figureNote: (most) => `Recordings by score, from 0 (authentic) to 1 (cloned); the highest bar is ${most}.`,
  bar: (from, count) => `from ${from}: ${count}`,
  duplicate: (index) => `the same as ${index}`,
  before: (verdict, score, model) => `before: ${verdict}, ${score} (model ${model})`,
  cached: 'result of the same bytes',
};

const de: ReportTexts = {
  batch: 'Stapel',
  decimalMark: ',',
  times: (created, ended) => `Eingereicht ${created}, beendet ${ended}`,
  broken: 'Was davor gelesen wurde, steht unten.',
  disclaimer:
    'Ein Wert sagt, wie wahrscheinlich eine Aufnahme geklont ist. Er hilft bei einer Entscheidung und beweist nichts; nicht entscheidbar heißt, dass die Aufnahme kein Urteil erlaubt.',
  columns: {
    path: 'Pfad',
    id: 'Kennung',
    state: 'Stand',
    verdict: 'Urteil',
    score: 'Wert',
    note: 'Anmerkung',
  },
  statuses: {
    queued: 'wartet',
    processing: 'wird geprüft',
    succeeded: 'fertig',
    completed: 'fertig',
    failed: 'nicht möglich',
    skipped: 'ausgelassen',
    canceled: 'abgebrochen',
  },
  verdicts: {
    CLONED: 'geklont',
    AUTHENTIC: 'echt',
    inconclusive: 'nicht entscheidbar',
    partly: 'teilweise geklont',
  },
  sums: {
    total: 'Einträge',
    cloned: 'geklont',
    authentic: 'echt',
    inconclusive: 'nicht entscheidbar',
    partially_cloned: 'davon teilweise geklont',
    changed: 'geändert',
    failed: 'nicht möglich',
    skipped: 'ausgelassen',
    canceled: 'abgebrochen',
    waiting: 'offen',
  },
  figure: 'Aufnahmen nach Wert',
  figureNote: (most) =>
    `Aufnahmen nach Wert, von 0 (echt) bis 1 (geklont); der höchste Balken steht für ${most}.`,
  bar: (from, count) => `ab ${from}: ${count}`,
  duplicate: (index) => `gleich Eintrag ${index}`,
  before: (verdict, score, model) => `vorher: ${verdict}, ${score} (Modell ${model})`,
  cached: 'Ergebnis derselben Datei',
};

export const REPORT_TEXTS: Readonly<Record<ReportLanguage, ReportTexts>> = { en, de };
