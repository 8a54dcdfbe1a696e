import type { Batch, ReportLanguage, SkipReason } from './batches';
import type { ErrorCode } from './errors';

/** What people are told of a code, in pages and reports alike; programs go by the code and its title. */
export const ERROR_WORDS: Readonly<Record<ReportLanguage, Readonly<Record<ErrorCode, string>>>> = {
  en: {
    empty_file: 'The file is empty.',
    not_audio:
      'This file is not audio that can be read. If it plays elsewhere, convert it to WAV, FLAC, MP3, M4A or OGG.',
    no_audio_track: 'This video has no sound track.',
    truncated_audio: 'The file breaks off before its sound begins; it was probably not copied completely.',
    encrypted_media: 'The file is encrypted or protected and cannot be read.',
    silent_audio: 'The recording is silent.',
    audio_too_short:
      'The recording holds too little sound. Half a second at least is needed, silence at its ends not counted.',
    sample_rate_too_low: 'The recording has fewer than 4,000 samples a second: too few for speech.',
    audio_too_long: 'The recording is too long for this service. Cut it into parts.',
    decode_failed: 'The sound could not be decoded; the file may be damaged.',
    decode_timeout: 'Decoding took too long; the file may be damaged.',
    worker_crashed: 'The analysis failed twice on this file and was given up.',
    not_an_archive: 'This file is not an archive that can be read. ZIP, TAR, TAR.GZ and TAR.ZST are.',
    archive_damaged: 'The archive is damaged; it was probably not copied completely.',
    archive_over_limit: 'The archive holds more than this service allows. Split it.',
    bundle_refused: 'This bundle of models cannot be used.',
    invalid_request: 'The service cannot take this as it stands.',
    unexpected_field: 'The file was sent in an unknown field.',
    too_many_files: 'More than one file was sent at once.',
    unsupported_media_type: 'The service does not take this kind of content.',
    fetch_failed: 'The recording could not be fetched from its address.',
    body_too_large: 'That is more than the service takes in one request.',
    method_not_allowed: 'That cannot be done here.',
    unprocessable: 'The service cannot carry this out.',
    media_gone: 'The recording has been deleted.',
    file_too_large: 'The file is too large for this service.',
    missing_file: 'No file was sent.',
    malformed_upload: 'The upload broke off. Please try again.',
    unauthorized: 'This key is not valid, has expired or was revoked.',
    forbidden: 'Your key does not allow this.',
    not_found: 'This does not exist, or no longer.',
    range_not_satisfiable: 'The recording is shorter than that.',
    request_timeout: 'The connection was too slow. Please try again.',
    headers_too_large:
      'The browser sent more about itself than the service takes; delete the cookies of this page.',
    conflict: 'This contradicts the present state; reload the page.',
    rate_limited: 'Too many requests. It goes on in a moment.',
    unavailable: 'A part of the service cannot be reached right now. Please try again soon.',
    storage_full: 'The service has no room left to store recordings.',
    internal_error: 'Something went wrong in the service.',
  },
  de: {
    empty_file: 'Die Datei ist leer.',
    not_audio:
      'Diese Datei ist kein lesbares Audio. Wenn sie anderswo spielt, wandeln Sie sie in WAV, FLAC, MP3, M4A oder OGG um.',
    no_audio_track: 'Dieses Video hat keine Tonspur.',
    truncated_audio: 'Die Datei bricht ab, bevor ihr Ton beginnt; sie wurde wohl nicht ganz kopiert.',
    encrypted_media: 'Die Datei ist verschlüsselt oder geschützt und nicht lesbar.',
    silent_audio: 'Die Aufnahme ist stumm.',
    audio_too_short:
      'Die Aufnahme enthält zu wenig Ton. Mindestens eine halbe Sekunde ist nötig, Stille an den Enden nicht gerechnet.',
    sample_rate_too_low: 'Die Aufnahme hat weniger als 4.000 Werte in der Sekunde: zu wenige für Sprache.',
    audio_too_long: 'Die Aufnahme ist für diesen Dienst zu lang. Teilen Sie sie.',
    decode_failed: 'Der Ton ließ sich nicht entschlüsseln; die Datei ist vielleicht beschädigt.',
    decode_timeout: 'Das Entschlüsseln dauerte zu lang; die Datei ist vielleicht beschädigt.',
    worker_crashed: 'Die Prüfung scheiterte an dieser Datei zweimal und wurde aufgegeben.',
    not_an_archive: 'Diese Datei ist kein lesbares Archiv. ZIP, TAR, TAR.GZ und TAR.ZST sind es.',
    archive_damaged: 'Das Archiv ist beschädigt; es wurde wohl nicht ganz kopiert.',
    archive_over_limit: 'Das Archiv enthält mehr, als dieser Dienst erlaubt. Teilen Sie es.',
    bundle_refused: 'Dieses Modellbündel ist nicht brauchbar.',
    invalid_request: 'So kann der Dienst das nicht annehmen.',
    unexpected_field: 'Die Datei kam in einem unbekannten Feld.',
    too_many_files: 'Es kam mehr als eine Datei auf einmal.',
    unsupported_media_type: 'Diese Art von Inhalt nimmt der Dienst nicht an.',
    fetch_failed: 'Die Aufnahme ließ sich von ihrer Adresse nicht holen.',
    body_too_large: 'Das ist mehr, als der Dienst in einer Anfrage annimmt.',
    method_not_allowed: 'Das geht hier nicht.',
    unprocessable: 'Der Dienst kann das nicht ausführen.',
    media_gone: 'Die Aufnahme wurde gelöscht.',
    file_too_large: 'Die Datei ist für diesen Dienst zu groß.',
    missing_file: 'Es wurde keine Datei gesendet.',
    malformed_upload: 'Die Übertragung brach ab. Bitte noch einmal versuchen.',
    unauthorized: 'Dieser Schlüssel gilt nicht, ist abgelaufen oder wurde zurückgezogen.',
    forbidden: 'Ihr Schlüssel erlaubt das nicht.',
    not_found: 'Das gibt es nicht oder nicht mehr.',
    range_not_satisfiable: 'So lang ist die Aufnahme nicht.',
    request_timeout: 'Die Verbindung war zu langsam. Bitte noch einmal versuchen.',
    headers_too_large:
      'Der Browser hat mehr über sich gesendet, als der Dienst annimmt; löschen Sie die Cookies dieser Seite.',
    conflict: 'Das widerspricht dem jetzigen Stand; laden Sie die Seite neu.',
    rate_limited: 'Zu viele Anfragen. Es geht gleich weiter.',
    unavailable: 'Ein Teil des Dienstes ist gerade nicht erreichbar. Bitte bald noch einmal versuchen.',
    storage_full: 'Der Dienst hat keinen Platz mehr für Aufnahmen.',
    internal_error: 'Im Dienst ist etwas schiefgegangen.',
  },
};

/** Why an entry of a batch was left out, or has nothing to say any more. */
export const SKIP_WORDS: Readonly<Record<ReportLanguage, Readonly<Record<SkipReason, string>>>> = {
  en: {
    directory: 'a folder',
    hidden: 'hidden',
    link: 'a link',
    special_file: 'no ordinary file',
    sparse_file: 'a file with holes',
    unsafe_path: 'unsafe name',
    nested_archive: 'an archive inside',
    encrypted: 'encrypted',
    unsupported_compression: 'packed in a way that cannot be read',
    overlapping: 'overlaps another',
    empty: 'empty',
    not_audio: 'not audio',
    duplicate: 'the same as another',
    over_limit: 'beyond the limits',
    manifest: 'the list of entries',
    media_gone: 'the recording has been deleted',
    deleted: 'the result has been deleted',
  },
  de: {
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
    deleted: 'Ergebnis ist gelöscht',
  },
};

/** What a batch is called that came without an archive's name. */
const TITLES: Readonly<Record<ReportLanguage, { list: (count: number) => string; again: string }>> = {
  en: {
    list: (count) => (count === 1 ? '1 recording' : `${count} recordings`),
    again: 'Scored again by model',
  },
  de: {
    list: (count) => (count === 1 ? '1 Aufnahme' : `${count} Aufnahmen`),
    again: 'Neu bewertet von Modell',
  },
};

export function titleOfBatch(
  { filename, source }: Pick<Batch, 'filename' | 'source'>,
  language: ReportLanguage,
): string {
  const titles = TITLES[language];
  if (source.kind === 'list') return titles.list(source.entries);
  return source.kind === 'reanalysis' ? `${titles.again} ${source.model_version}` : filename;
}
