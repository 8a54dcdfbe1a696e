import {
  CodedError,
  uploadSubmissionSchema,
  urlSubmissionSchema,
  type Submission,
} from '@bonafide/contracts';
import type { Request } from 'express';
import { z } from 'zod';
import type { ApiContext } from './context';
import { readBody } from './json-body';
import type { Submitter } from './submit';
import { submitUpload } from './submit-upload';
import { submitUrl } from './submit-url';

/** Which of both kinds of body it is; everything in it is looked at afterwards. */
const namesSchema = z.looseObject({ url: z.unknown().optional(), upload_id: z.unknown().optional() });

/** Takes in a recording that the request names instead of holding it. */
export function submitNamed(
  context: ApiContext,
  request: Request,
  submitter: Submitter,
): Promise<Submission> {
  if (!request.is('application/json')) {
    const ways = 'A recording comes as multipart/form-data, or is named in application/json';
    throw new CodedError('unsupported_media_type', ways);
  }
  const { url, upload_id } = readBody(request, namesSchema);
  if ((url === undefined) === (upload_id === undefined))
    throw new CodedError('invalid_request', 'Either upload_id or url is needed, and not both');
  if (url === undefined) return submitUpload(context, readBody(request, uploadSubmissionSchema), submitter);
  return submitUrl(context, readBody(request, urlSubmissionSchema), submitter);
}
