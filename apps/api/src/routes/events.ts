import { isBatchOver, isTerminal, type AnalysisRef, type BatchRef } from '@bonafide/contracts';
import { Router } from 'express';
import type { ApiContext } from '../context';
import { followSubject, type FollowSpec } from '../follow';
import { onlyMethods } from '../problems';
import { readAnalysis } from '../read-analysis';
import { readBatch } from '../read-batch';
import type { LocalResponse } from '../requests';
import { refOf as analysisRefOf } from './analyses';
import { refOf as batchRefOf } from './batches';

export function eventsRoutes(context: ApiContext): Router {
  const routes = Router();
  routes
    .route('/v1/analyses/:id/events')
    .get(async (request, response: LocalResponse) => {
      const spec = analysisSpec(context, analysisRefOf(request, response));
      await followSubject(context, spec, { request, response });
    })
    .all(onlyMethods('GET, HEAD'));
  routes
    .route('/v1/batches/:id/events')
    .get(async (request, response: LocalResponse) => {
      const spec = batchSpec(context, batchRefOf(request, response));
      await followSubject(context, spec, { request, response });
    })
    .all(onlyMethods('GET, HEAD'));
  return routes;
}

function analysisSpec(context: ApiContext, ref: AnalysisRef): FollowSpec {
  return {
    subject: { kind: 'analysis', tenant: ref.tenant, id: ref.analysis_id },
    snapshot: async () => {
      const { status, progress, created_at, started_at, finished_at } = await readAnalysis(context, ref);
      const at = finished_at ?? started_at ?? created_at;
      const data = { ...ref, status, progress, at };
      return { type: status, data, isOver: isTerminal(status), moment: Date.parse(at) };
    },
  };
}

function batchSpec(context: ApiContext, ref: BatchRef): FollowSpec {
  return {
    subject: { kind: 'batch', tenant: ref.tenant, id: ref.batch_id },
    snapshot: async () => {
      const { id, status, counters, progress, created_at, finished_at } = await readBatch(context, ref);
      const at = finished_at ?? created_at;
      const isOver = isBatchOver(status);
      const type = isOver ? `batch.${status}` : 'batch.progress';
      return { type, data: { id, status, at, progress, ...counters }, isOver, moment: Date.parse(at) };
    },
  };
}
