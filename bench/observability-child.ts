// Run by observability.ts: observability-child.ts HOW URL CALLS
// Prints what a GET costs with one recipe.

import { tracingChannel } from 'node:diagnostics_channel'
import { type Client, createClient } from '../dist/index.js'
import { library, load } from '../test/examples/libraries.js'

/** What a GET costs. */
export interface Cost {
  /** Calls per second, in bursts of 100. */
  readonly rate: number
  /** Microseconds of this process's processor time for one call. */
  readonly processor: number
}

/** The recipes, in the order of the report. */
export const ways: Readonly<Record<string, (client: Client) => unknown>> = {
  nothing: () => {},
  'handlers that do nothing': () => {
    const ignore = (): void => {}
    const handlers = { start: ignore, end: ignore, asyncStart: ignore, asyncEnd: ignore, error: ignore }
    tracingChannel('respite:command').subscribe(handlers)
  },
  'OpenTelemetry, without an SDK': async () => (await load('opentelemetry')).traceCommands(),
  'OpenTelemetry, 1 % of traces': () => openTelemetry(0.01),
  'OpenTelemetry, all traces': () => openTelemetry(1),
  'prom-client': async (client) => {
    const { Registry } = await library('prom-client/index.js')
    return (await load('prometheus')).measure(client, new Registry())
  },
}

/** Spans are exported in batches, and dropped. */
async function openTelemetry(ratio: number): Promise<void> {
  const { trace } = await library('@opentelemetry/api/build/src/index.js')
  const sdk = await library('@opentelemetry/sdk-trace-base/build/src/index-shim.js')
  const exporter = {
    export: (_spans: unknown, done: (result: { code: number }) => void) => done({ code: 0 }),
    shutdown: async () => {},
  }
  const provider = new sdk.BasicTracerProvider({
    sampler: new sdk.TraceIdRatioBasedSampler(ratio),
    spanProcessors: [new sdk.BatchSpanProcessor(exporter)],
  })
  trace.setGlobalTracerProvider(provider)
  const { traceCommands } = await load('opentelemetry')
  traceCommands()
}

async function run(client: Client, calls: number): Promise<void> {
  for (let done = 0; done < calls; done += 100) {
    await Promise.all(Array.from({ length: 100 }, () => client.get('key')))
  }
}

const [, , how, url, given] = process.argv
const observe = ways[how ?? '']
if (observe !== undefined) {
  const calls = Number(given)
  const client = createClient(url ?? '')
  await observe(client)
  await run(client, calls / 2)
  const cpu = process.cpuUsage()
  const begin = performance.now()
  await run(client, calls)
  const seconds = (performance.now() - begin) / 1_000
  const { user, system } = process.cpuUsage(cpu)
  console.log(JSON.stringify({ rate: calls / seconds, processor: (user + system) / calls } satisfies Cost))
  await client.close()
  // The SDK has timers.
  process.exit()
}
