import { SpanKind, trace, type Span } from '@opentelemetry/api';
import { BullMQOtel } from 'bullmq-otel';
import type { QueueOptions } from 'bullmq';
import type { OperationConfig } from './config';

/** What queues and workers want to be told, for their spans to be one trace across processes. */
export type Telemetry = QueueOptions['telemetry'];
export type Tracing = { telemetry: Telemetry; stop(): Promise<void> };

const TRACER = 'bonafide';
const TRACES_PATH = '/v1/traces';

/** Sends spans to the collector that the configuration names; without one nothing is loaded and nothing sent. */
export async function startTracing(process: string, { otlpEndpoint }: OperationConfig): Promise<Tracing> {
  if (otlpEndpoint === undefined) return { telemetry: undefined, stop: async () => undefined };
  const [{ BatchSpanProcessor, NodeTracerProvider }, { OTLPTraceExporter }, { resourceFromAttributes }] =
    await Promise.all([
      import('@opentelemetry/sdk-trace-node'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
    ]);
  const exporter = new OTLPTraceExporter({ url: otlpEndpoint.replace(/\/+$/, '') + TRACES_PATH });
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': `${TRACER}-${process}` }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  provider.register();
  return {
    telemetry: new BullMQOtel({ tracerName: TRACER }) as Telemetry,
    stop: () => provider.shutdown(),
  };
}

/** Runs work within a span that begins a trace; without a collector it only runs it. */
export function withRequestSpan(
  name: string,
  attributes: Readonly<Record<string, string>>,
  work: (span: Span) => void,
): void {
  trace.getTracer(TRACER).startActiveSpan(name, { kind: SpanKind.SERVER, attributes }, work);
}
