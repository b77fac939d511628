import { tracingChannel } from 'node:diagnostics_channel'
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import { type Client, type CommandTrace, RespiteError } from 'respite'

/**
 * Metrics of a client, and of all commands of the process: how long they take, and with which code and fate they fail.
 * @returns ends the measuring
 */
export function measure(client: Client, registry: Registry): () => void {
  const registers = [registry]
  const duration = new Histogram({
    name: 'redis_command_duration_seconds',
    help: 'Time from the call of a command until it settled',
    labelNames: ['command'],
    buckets: [0.0005, 0.001, 0.005, 0.025, 0.1, 0.5, 2.5],
    registers,
  })
  const failures = new Counter({
    name: 'redis_command_failures_total',
    help: 'Commands that were rejected, by code and fate',
    labelNames: ['command', 'code', 'fate'],
    registers,
  })
  new Gauge({
    name: 'redis_commands_pending',
    help: 'Commands that are queued, or sent and not answered',
    labelNames: ['state'],
    registers,
    collect() {
      const { queued, inFlight } = client.stats()
      this.set({ state: 'queued' }, queued)
      this.set({ state: 'sent' }, inFlight)
    },
  })
  new Gauge({
    name: 'redis_connections_lost',
    help: 'Connections that were lost since the client was created',
    registers,
    collect() {
      this.set(client.stats().lost)
    },
  })
  const channel = tracingChannel<unknown, CommandTrace>('respite:command')
  // timeQueued ends with the first attempt, and timeOnWire is that of the last one.
  const begins = new WeakMap<CommandTrace, number>()
  const handlers = {
    start(call: CommandTrace) {
      begins.set(call, performance.now())
    },
    asyncEnd(call: CommandTrace) {
      const { command, error } = call
      const begin = begins.get(call)
      if (begin !== undefined) duration.observe({ command }, (performance.now() - begin) / 1_000)
      if (error instanceof RespiteError) failures.inc({ command, code: error.code, fate: error.fate })
    },
    end() {},
    asyncStart() {},
    error() {},
  }
  channel.subscribe(handlers)
  return () => channel.unsubscribe(handlers)
}
