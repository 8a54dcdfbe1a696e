import type {
  BatchItem,
  BatchStatus,
  Counters,
  ErrorCode,
  ReportLanguage,
  SkipReason,
} from '@bonafide/contracts';

type Columns = Record<'path' | 'id' | 'state' | 'verdict' | 'score' | 'note', string>;

export type ReportTexts = {
  batch: string;
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
  before: (verdict: string, score: string) => string;
  cached: string;
  /** Where there are none, what the service said stands in the report. */
  reasons?: Record<SkipReason, string>;
  errors?: Partial<Record<ErrorCode, string>>;
};

const en: ReportTexts = {
  batch: 'Batch',
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
  before: (verdict, score) => `before: ${verdict}, ${score}`,
  cached: 'result of the same bytes',
};

const de: ReportTexts = {
  batch: 'Stapel',
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
  before: (verdict, score) => `vorher: ${verdict}, ${score}`,
  cached: 'Ergebnis derselben Datei',
  reasons: {
    directory: 'ein Ordner',
    hidden: 'versteckt',
    link: 'ein Verweis',
    special_file: 'keine gewöhnliche Datei',
    sparse_file: 'eine Datei mit Löchern',
    unsafe_path: 'unsicherer Name',
    nested_archive: 'ein Archiv im Archiv',
    encrypted: 'verschlüsselt',
    unsupported_compression: 'in nicht lesbarer Weise gepackt',
    overlapping: 'überlappt ein anderes',
    empty: 'leer',
    not_audio: 'kein Audio',
    duplicate: 'gleich einem anderen',
    over_limit: 'über den Grenzen',
    manifest: 'die Liste der Einträge',
    media_gone: 'Aufnahme ist gelöscht',
  },
  errors: {
    empty_file: 'Die Datei ist leer.',
    not_audio:
      'Diese Datei ist kein lesbares Audio. Wenn sie anderswo spielt, wandeln Sie sie in WAV, FLAC, MP3, M4A oder OGG um.',
    no_audio_track: 'Dieses Video hat keine Tonspur.',
    truncated_audio: 'Die Datei bricht ab, bevor ihr Ton beginnt; sie wurde wohl nicht ganz kopiert.',
    encrypted_media: 'Die Datei ist verschlüsselt oder geschützt und nicht lesbar.',
    silent_audio: 'Die Aufnahme ist stumm.',
    audio_too_short: 'Die Aufnahme ist zu kurz. Mindestens eine halbe Sekunde Ton ist nötig.',
    sample_rate_too_low: 'Die Aufnahme hat weniger als 4.000 Werte in der Sekunde: zu wenige für Sprache.',
    audio_too_long: 'Die Aufnahme ist für diesen Dienst zu lang. Teilen Sie sie.',
    decode_failed: 'Der Ton ließ sich nicht entschlüsseln; die Datei ist vielleicht beschädigt.',
    decode_timeout: 'Das Entschlüsseln dauerte zu lang; die Datei ist vielleicht beschädigt.',
    worker_crashed: 'Die Prüfung scheiterte an dieser Datei zweimal und wurde aufgegeben.',
    not_an_archive: 'Diese Datei ist kein lesbares Archiv. ZIP, TAR, TAR.GZ und TAR.ZST sind es.',
    archive_damaged: 'Das Archiv ist beschädigt; es wurde wohl nicht ganz kopiert.',
    archive_over_limit: 'Das Archiv enthält mehr, als dieser Dienst erlaubt. Teilen Sie es.',
    fetch_failed: 'Die Aufnahme ließ sich von ihrer Adresse nicht holen.',
    media_gone: 'Die Aufnahme wurde gelöscht.',
    file_too_large: 'Die Datei ist für diesen Dienst zu groß.',
    storage_full: 'Der Dienst hat keinen Platz mehr für Aufnahmen.',
    internal_error: 'Im Dienst ist etwas schiefgegangen.',
  },
};

export const REPORT_TEXTS: Readonly<Record<ReportLanguage, ReportTexts>> = { en, de };
