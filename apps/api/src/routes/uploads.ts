import { CodedError, uploadIdSchema, uploadRequestSchema, type UploadRef } from '@bonafide/contracts';
import { Router, type Request } from 'express';
import type { ApiContext } from '../context';
import { jsonBody, readBody } from '../json-body';
import { onlyMethods } from '../problems';
import { debitAnnounced } from '../rate-limits';
import type { LocalResponse } from '../requests';
import { createUpload, readUpload, receiveSigned, removeUpload } from '../uploads';

/** Recordings and archives that come by a link instead of with a request. */
export function uploadsRoutes(context: ApiContext): Router {
  const routes = Router();
  routes
    .route('/v1/uploads')
    .post(jsonBody(), async (request, response: LocalResponse) => {
      const wish = readBody(request, uploadRequestSchema);
      const origin = context.config.http.publicUrl ?? `${request.protocol}://${request.get('host') ?? ''}`;
      const upload = await createUpload(context, response.locals, { wish, origin });
      await debitAnnounced(context, { request, response, bytes: upload.length });
      response.status(201).location(`/v1/uploads/${upload.id}`).set('Cache-Control', 'no-store').json(upload);
    })
    .all(onlyMethods('POST'));
  routes
    .route('/v1/uploads/:id')
    .get(async (request, response: LocalResponse) => {
      response.set('Cache-Control', 'no-store').json(await readUpload(context, readRef(request, response)));
    })
    .delete(async (request, response: LocalResponse) => {
      await removeUpload(context, readRef(request, response));
      response.status(204).end();
    })
    .all(onlyMethods('GET, HEAD, DELETE'));
  return routes;
}

/** The links of stores that give none themselves. The link is the permission: no key is asked for. */
export function signedUploadsRoutes(context: ApiContext): Router {
  const routes = Router();
  routes
    .route('/signed-uploads/:token')
    .put(async (request, response) => {
      const declared = request.get('content-length');
      const length = declared === undefined ? undefined : Number(declared);
      await receiveSigned(context, request.params.token, { content: request, length });
      response.status(200).end();
    })
    .all(onlyMethods('PUT'));
  return routes;
}

function readRef(request: Request<{ id: string }>, response: LocalResponse): UploadRef {
  const id = uploadIdSchema.safeParse(request.params.id);
  if (!id.success) throw new CodedError('not_found', 'There is no such upload');
  return { tenant: response.locals.tenant, upload_id: id.data };
}
