import { tracingChannel } from 'node:diagnostics_channel'
import { type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { type CommandTrace, ReplyError, RespiteError } from 'respite'

/**
 * A span for each command, with the attributes that OpenTelemetry's conventions for databases ask for, and the fate.
 * @returns ends the tracing
 */
export function traceCommands(): () => void {
  const tracer = trace.getTracer('respite')
  const spans = new WeakMap<CommandTrace, Span>()
  const channel = tracingChannel<unknown, CommandTrace>('respite:command')
  const handlers = {
    start(command: CommandTrace) {
      const { host, port, path, database } = command.server
      const span = tracer.startSpan(command.command, {
        kind: SpanKind.CLIENT,
        attributes: {
          'db.system.name': 'redis',
          'db.operation.name': command.command,
          'db.namespace': String(database),
          'server.address': path ?? host,
          ...(path === undefined ? { 'server.port': port } : {}),
          ...(command.batchSize === undefined ? {} : { 'db.operation.batch.size': command.batchSize }),
        },
      })
      spans.set(command, span)
    },
    asyncEnd(command: CommandTrace) {
      const span = spans.get(command)
      // Not sampled, or no SDK: nobody would read the attributes.
      if (span?.isRecording() !== true) return
      const { error, fate, attempts, timeQueued, timeOnWire } = command
      span.setAttributes({
        'respite.fate': fate,
        'respite.attempts': attempts,
        'respite.time_queued': timeQueued,
        'respite.time_on_wire': timeOnWire,
      })
      if (error !== undefined) {
        if (error instanceof ReplyError) span.setAttribute('db.response.status_code', error.prefix)
        span.setAttribute('error.type', error instanceof RespiteError ? error.code : 'Error')
        span.setStatus({ code: SpanStatusCode.ERROR, message: String((error as Error).message) })
      }
      span.end()
    },
    end() {},
    asyncStart() {},
    error() {},
  }
  channel.subscribe(handlers)
  return () => channel.unsubscribe(handlers)
}
