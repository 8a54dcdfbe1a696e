import {
  batchIdSchema,
  CodedError,
  isBatchOver,
  itemStatusSchema,
  pageQuerySchema,
  reportLanguageSchema,
  reportQuerySchema,
  waitQuerySchema,
  type Batch,
  type BatchRef,
  type ReportLanguage,
} from '@bonafide/contracts';
import { Router, type Request, type Response } from 'express';
import { sendReport } from '../batch-report';
import { cancelBatch, retryFailed } from '../change-batch';
import type { ApiContext } from '../context';
import { createBatch } from '../create-batch';
import { jsonBody, readQuery } from '../json-body';
import { listBatches, listItems } from '../list-batches';
import { onlyMethods } from '../problems';
import { awaitBatch, batchPathOf, readBatch } from '../read-batch';
import { callerGone, type LocalResponse } from '../requests';

const RETRY_AFTER_SEC = 1;
/** A list of a hundred thousand, each with its names. */
const MAX_LIST_BYTES = 64 * 1024 ** 2;

const itemsQuerySchema = pageQuerySchema.extend({ status: itemStatusSchema.optional() });

export function batchesRoutes(context: ApiContext): Router {
  const routes = Router();
  routes
    .route('/v1/batches')
    .get(async (request, response: LocalResponse) => {
      const page = await listBatches(context, response.locals.tenant, readQuery(request, pageQuerySchema));
      response.set('Cache-Control', 'no-store').json(page);
    })
    .post(jsonBody({ maxBytes: MAX_LIST_BYTES }), async (request, response: LocalResponse) => {
      const { id, tenant } = await createBatch(context, request, response);
      answerAccepted(response, await readBatch(context, { tenant, batch_id: id }));
    })
    .all(onlyMethods('GET, HEAD, POST'));
  routes
    .route('/v1/batches/:id')
    .get(async (request, response: LocalResponse) => {
      const { wait: waitSec } = readQuery(request, waitQuerySchema);
      const batch = await awaitBatch(context, refOf(request, response), {
        waitSec,
        signal: callerGone(response),
      });
      if (!isBatchOver(batch.status)) response.set('Retry-After', String(RETRY_AFTER_SEC));
      response.set('Cache-Control', 'no-store').json(batch);
    })
    .all(onlyMethods('GET, HEAD'));
  routes
    .route('/v1/batches/:id/items')
    .get(async (request, response: LocalResponse) => {
      const page = await listItems(context, refOf(request, response), readQuery(request, itemsQuerySchema));
      response.set('Cache-Control', 'no-store').json(page);
    })
    .all(onlyMethods('GET, HEAD'));
  routes
    .route('/v1/batches/:id/report')
    .get(async (request, response: LocalResponse) => {
      const { format, lang } = readQuery(request, reportQuerySchema);
      const language = lang ?? languageOf(request);
      await sendReport(context, refOf(request, response), { response, format, language });
    })
    .all(onlyMethods('GET, HEAD'));
  return routes.use(changesRoutes(context));
}

/** What the caller's browser asks for, as far as there are texts in it. */
function languageOf(request: Request): ReportLanguage {
  const { options } = reportLanguageSchema;
  return options.find((language) => language === request.acceptsLanguages(options)) ?? 'en';
}

function changesRoutes(context: ApiContext): Router {
  const routes = Router();
  for (const [name, change] of [
    ['cancel', cancelBatch],
    ['retry-failed', retryFailed],
  ] as const) {
    routes
      .route(`/v1/batches/:id/${name}`)
      .post(async (request, response: LocalResponse) => {
        const ref = refOf(request, response);
        await change(context, ref);
        answerAccepted(response, await readBatch(context, ref));
      })
      .all(onlyMethods('POST'));
  }
  return routes;
}

/** What cannot be an id names nothing. */
export function refOf(request: Request<{ id: string }>, { locals }: LocalResponse): BatchRef {
  const id = batchIdSchema.safeParse(request.params.id);
  if (!id.success) throw new CodedError('not_found', 'There is no such batch');
  return { tenant: locals.tenant, batch_id: id.data };
}

/** 202: taken in, and where to look for what becomes of it. */
function answerAccepted(response: Response, batch: Batch): void {
  response
    .status(202)
    .location(batchPathOf(batch.id))
    .set('Retry-After', String(RETRY_AFTER_SEC))
    .json(batch);
}
