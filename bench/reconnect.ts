import { parseArgs } from 'node:util'
import { createClient } from '../dist/index.js'
import { readCommandLine, wholeNumber } from '../scripts/command-line.js'
import { HalfOpenRelay } from '../test/support/half-open-relay.js'
import { nameOf, serverPrograms, startServer } from '../test/support/server.js'
import { median, quantile } from './quantile.js'
import { formatRatio, table } from './table.js'

/**
 * `npm run bench:reconnect`: what the fence costs when a connection is lost. A client has a SET and nine GETs in flight when its
 * connection is reset. Measured are the time until all are answered on the next connection, without and with the fence, and the time
 * of `connect()`. Medians of alternating rounds, for each server program that is installed.
 */

const help = `npm run bench:reconnect [-- OPTIONS]: what the fence costs when a connection is lost

  --rounds N   rounds of each; default 15
  --losses N   lost connections in a round; default 100
  --help      this text

Exits with 2 if an option is wrong.`

const { rounds, losses } = readCommandLine({ help }, (args) => {
  const { values } = parseArgs({
    args,
    options: { rounds: { type: 'string', default: '15' }, losses: { type: 'string', default: '100' } },
  })
  return { rounds: wholeNumber('rounds', values.rounds), losses: wholeNumber('losses', values.losses) }
})

const fences = ['off', 'try', 'require'] as const
type Fence = (typeof fences)[number]

interface Figures {
  /** Milliseconds, the median of a round. */
  readonly reconnect: number
  readonly connect: number
}

async function measure(serverPort: number, fence: Fence): Promise<Figures> {
  const relay = await HalfOpenRelay.start(serverPort)
  const client = createClient({ host: '127.0.0.1', port: relay.port, fence, reconnect: () => 0 })
  const reconnects: number[] = []
  const connects: number[] = []
  try {
    for (let i = 0; i < losses; i += 1) {
      await client.ping()
      const link = relay.newest
      const { received } = link
      link.hold()
      const calls = [client.set('k', i), ...Array.from({ length: 9 }, () => client.get('k'))]
      await link.receives(received + 1)
      const begin = performance.now()
      link.cut('reset')
      await Promise.all(calls)
      reconnects.push(performance.now() - begin)
      // Without the fence, the server's side would stay open.
      link.endServer()
    }
    const { fencesProven } = client.stats()
    if (fencesProven !== (fence === 'off' ? 0 : losses)) throw new Error(`${fencesProven} of ${losses} were fenced`)
    for (let i = 0; i < losses; i += 1) {
      const other = createClient({ host: '127.0.0.1', port: serverPort, fence })
      const begin = performance.now()
      await other.connect()
      connects.push(performance.now() - begin)
      other.destroy()
    }
  } finally {
    client.destroy()
    relay.stop()
  }
  return { reconnect: median(reconnects), connect: median(connects) }
}

const columns = [
  { title: 'server', align: 'left' },
  { title: '`fence`', align: 'left' },
  { title: 'from the reset to all replies' },
  { title: 'compared with `off`' },
  { title: '`connect()`' },
  { title: 'compared with `off`' },
] as const
const rows: string[][] = []
for (const program of serverPrograms()) {
  const server = await startServer(program)
  const figures: Record<Fence, Figures[]> = { off: [], try: [], require: [] }
  try {
    for (const fence of fences) await measure(server.port, fence)
    for (let round = 0; round < rounds; round += 1) {
      for (const fence of fences) figures[fence].push(await measure(server.port, fence))
    }
  } finally {
    await server.stop()
  }
  /** The median of the ratios of the rounds, with their quartiles. */
  const comparedWithOff = (fence: Fence, part: keyof Figures): string => {
    const ratios = figures[fence].map((each, round) => each[part] / (figures.off[round]?.[part] ?? Number.NaN))
    return `${formatRatio(median(ratios))} (${formatRatio(quantile(ratios, 0.25))} to ${formatRatio(quantile(ratios, 0.75))})`
  }
  for (const fence of fences) {
    const milliseconds = (part: keyof Figures): string =>
      `${median(figures[fence].map((each) => each[part])).toFixed(2)} ms`
    const ratio = (part: keyof Figures): string => (fence === 'off' ? '' : comparedWithOff(fence, part))
    rows.push([
      nameOf(program),
      fence,
      milliseconds('reconnect'),
      ratio('reconnect'),
      milliseconds('connect'),
      ratio('connect'),
    ])
  }
}
console.log(table(columns, rows))
