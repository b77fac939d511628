import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { readCommandLine, wholeNumber } from '../scripts/command-line.js'
import { startServer } from '../test/support/server.js'
import { clients, type Outcome, type Rate } from './bullmq-child.js'
import { median } from './quantile.js'
import { formatMicroseconds, formatRate, table } from './table.js'

/**
 * `npm run bench:bullmq`: BullMQ on respite, ioredis and node-redis, which take turns, each in a separate process. It shows what
 * happens to jobs while all connections are cut every 50 ms (four producers, 3 s; the sums of all rounds), and how fast jobs are
 * processed without faults (20 producers, a worker with a concurrency of 50; medians).
 */

const help = `npm run bench:bullmq [-- OPTIONS]: BullMQ on respite, ioredis and node-redis

  --rounds N   default 5
  --help       this text

Exits with 2 if an option is wrong.`

const rounds = readCommandLine({ help }, (args) => {
  const { values } = parseArgs({ args, options: { rounds: { type: 'string', default: '5' } } })
  return wholeNumber('rounds', values.rounds)
})
const run = promisify(execFile)
const child = fileURLToPath(new URL('bullmq-child.ts', import.meta.url))
const names = Object.keys(clients)

async function measure<T>(name: string, what: 'cuts' | 'rate'): Promise<T> {
  const server = await startServer()
  try {
    // The process may be so busy that its own timers never fire.
    const { stdout } = await run(process.execPath, ['--import', 'tsx', child, name, String(server.port), what], {
      timeout: 30_000,
      killSignal: 'SIGKILL',
    })
    return JSON.parse(stdout) as T
  } finally {
    await server.stop()
  }
}

const outcomes = new Map<string, Outcome[]>(names.map((name) => [name, []]))
const rates = new Map<string, Rate[]>(names.map((name) => [name, []]))
/** Runs without a result: the process ended with an uncaught exception, or was still busy after half a minute. */
const failures = new Map<string, number>()
for (let round = 0; round < rounds; round += 1) {
  for (const [index] of names.entries()) {
    const name = names[(index + round) % names.length] as string
    const rate = await measure<Rate>(name, 'rate').catch(() => undefined)
    if (rate !== undefined) rates.get(name)?.push(rate)
    const outcome = await measure<Outcome>(name, 'cuts').catch(() => undefined)
    if (outcome === undefined) failures.set(name, (failures.get(name) ?? 0) + 1)
    else outcomes.get(name)?.push(outcome)
  }
}

const columns = (titles: readonly string[]) =>
  titles.map((title, index) => ({ title, align: index === 0 ? ('left' as const) : ('right' as const) }))

const counted = ['cuts', 'added', 'rejected', 'never', 'repeatedly', 'stuck', 'errors'] as const
console.log(
  table(
    columns([
      ...[
        'client',
        'connections cut',
        'jobs added',
        '`add` rejected',
        'accepted, did not run within 3 s',
        'ran more than once',
      ],
      ...['active, with nobody working on them', 'errors such as `Missing lock`', 'runs without a result'],
    ]),
    names.map((name) => [
      name,
      ...counted.map((key) => String((outcomes.get(name) ?? []).reduce((sum, outcome) => sum + outcome[key], 0))),
      `${failures.get(name) ?? 0} of ${rounds}`,
    ]),
  ),
)
console.log()
console.log(
  table(
    columns(['client', 'jobs per second', 'processor time of a job']),
    names.map((name) => {
      const all = rates.get(name) ?? []
      const processor = median(all.map((rate) => rate.processor))
      return [name, formatRate(median(all.map(({ rate }) => rate))), `${formatMicroseconds(processor)} us`]
    }),
  ),
)
