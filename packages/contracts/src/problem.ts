import { z } from 'zod';
import { ERROR_CATALOGUE, errorCodeSchema, type ErrorCode } from './errors';

/** RFC 9457, with the stable code and the id under which the logs know the request. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  code: errorCodeSchema,
  request_id: z.string(),
});

export type Problem = z.infer<typeof problemSchema>;

/** The problem document of one coded error. */
export function problemOf(code: ErrorCode, detail: string, requestId: string): Problem {
  const { status, title } = ERROR_CATALOGUE[code];
  return { type: `/problems/${code}`, title, status, detail, code, request_id: requestId };
}
