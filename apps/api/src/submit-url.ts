import { type Submission, type UrlSubmission } from '@bonafide/contracts';
import { fetchRecording } from '@bonafide/platform';
import type { ApiContext } from './context';
import { cleanFilename } from './filename';
import { assertCallable, outboundOf } from './outbound';
import { takeIn, type Submitter } from './submit';

/** Takes in a recording from where it lies: fetched into the store before the submission is acknowledged. */
export async function submitUrl(
  context: ApiContext,
  { url, filename, ...options }: UrlSubmission,
  submitter: Submitter,
): Promise<Submission> {
  const { store, config } = context;
  assertCallable(context, 'url', url);
  return takeIn(context, submitter, async (begin) => {
    const { name, ...file } = await fetchRecording(outboundOf(context), url, {
      maxBytes: config.http.maxUploadBytes,
      timeoutSec: config.uploads.urlTimeoutSec,
      save: (content) => store.put(begin(), content),
    });
    return { filename: cleanFilename(filename ?? name), ...file, source_url: url, ...options };
  });
}
