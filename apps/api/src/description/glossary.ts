import type { JsonSchema } from './openapi';

/** What fields mean, by their name: one word is one idea throughout the API. */
const GLOSSARY: Record<string, string> = {
  profile: 'Which threshold to judge by: `recall` finds more clones, `precision` accuses less often.',
  ensemble: '`full` asks every model of the bundle, `classic` the three that the original had.',
  label: 'A name of the caller’s, which many may bear; lists can be asked for it.',
  custom_id: 'The caller’s own id of this one, echoed everywhere.',
  retention:
    'How long the recording outlives its analysis: `none`, or a duration such as `12h`, `30d` or `PT1H`.',
  webhook_url:
    'Told of the end beside the registered endpoints; signed with the secret of `/v1/webhook-secret`.',
  upload_id: 'An earlier direct upload.',
  wait: 'Seconds to wait for the end before answering; at most 30 are kept.',
  cursor: 'Where the page begins: `next_cursor` of the page before.',
  lang: 'Of the page; without it the one that `Accept-Language` asks for, else English.',
  next_cursor: 'Of the next page; null on the last.',
  from: 'Created then or later; a day stands for its first moment.',
  to: 'Created before then.',
  batch: 'Of this batch only.',
  p_fake: 'Calibrated probability that the voice is cloned, 0 to 1.',
  verdict: 'The more likely side, whatever the profile: CLONED from a `p_fake` of one half on.',
  decision: 'Whether the verdict may be relied on, and why not.',
  segments: 'Stretches of one verdict, in order.',
  windows: 'The score of every few seconds, for drawing.',
  partially_cloned: 'Some stretches are cloned, others are not.',
  speech_ratio: 'Share of the stretch that is speech.',
  real_range: 'Where the middle 80 % of real recordings lie.',
  fake_range: 'Where the middle 80 % of cloned recordings lie.',
  weight: 'How much it moved the score.',
  progress: 'Share that is done, 0 to 1.',
  cached: 'Taken over from an earlier analysis of the same bytes by the same models.',
  sha256: 'Of the bytes, in hexadecimal.',
  request_id: 'Under which the logs know the request.',
  duplicate_of: 'Index of the entry with the same bytes.',
  path_raw: 'The path as its bytes stand in the archive, in base64.',
  rate: 'Entries a second.',
  expected_end: 'Null until it can be told.',
  changes: 'What scoring again has changed; null until it has ended, and of other batches.',
  compared: 'Those that had a result before and have one now.',
  to_inconclusive: 'Decisions that were conclusive and are not any more.',
  to_conclusive: 'Decisions that were inconclusive and are conclusive now.',
  mean_difference: 'How far `p_fake` has moved, to either side.',
  scopes: 'What the key may do.',
  expires: 'A duration from now, or a time; without it the key does not expire.',
  events: 'Which events to be told of; left out, all.',
  secret: 'With which deliveries are signed.',
  overlap: 'For how long the old secret goes on signing.',
  failing_since: 'Since when every delivery has failed.',
  disabled: 'When and why the service stopped calling it.',
};

/** Says of each field what it means, where its schema does not say so itself. Links are named by what they lead to. */
export function explainFields(schema: JsonSchema): void {
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    if (name === 'links') continue;
    if (Object.hasOwn(GLOSSARY, name)) field.description ??= GLOSSARY[name];
    explainFields(field);
  }
  const { items, additionalProperties, anyOf = [], oneOf = [], allOf = [] } = schema;
  const inner = [items, additionalProperties].filter((each) => typeof each === 'object');
  for (const each of [...inner, ...anyOf, ...oneOf, ...allOf]) explainFields(each);
}
