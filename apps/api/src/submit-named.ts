import { uploadSubmissionSchema, urlSubmissionSchema, type Submission } from '@bonafide/contracts';
import type { Request } from 'express';
import type { ApiContext } from './context';
import { readBody } from './json-body';
import type { Submitter } from './submit';
import { submitUpload } from './submit-upload';
import { submitUrl } from './submit-url';

/** Takes in a recording that the request names instead of holding it. */
export function submitNamed(
  context: ApiContext,
  request: Request,
  submitter: Submitter,
): Promise<Submission> {
  const body = request.body as unknown;
  const namesUrl = typeof body === 'object' && body !== null && 'url' in body;
  if (namesUrl) return submitUrl(context, readBody(request, urlSubmissionSchema), submitter);
  return submitUpload(context, readBody(request, uploadSubmissionSchema), submitter);
}
