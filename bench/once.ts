import { parseArgs } from 'node:util'
import { type Client, createClient, script } from '../dist/index.js'
import { readCommandLine, wholeNumber } from '../scripts/command-line.js'
import { nameOf, serverPrograms, startServer } from '../test/support/server.js'
import { median } from './quantile.js'
import { formatRate, formatRatio, table } from './table.js'

/**
 * `npm run bench:once`: what a call with `once` costs, compared with the plain command and with the same command in a script without
 * a receipt: the server's processor time for one call, the rate in bursts of 1,000 and with 64 loops, and the memory of a receipt.
 * After each figure, its ratio to the script: how many times as much time a call takes. Medians of alternating rounds, for each
 * server program that is installed.
 */

const help = `npm run bench:once [-- OPTIONS]: what a call with once costs, compared with the plain command

  --rounds N   rounds of each; default 5
  --calls N    calls in a round, a multiple of 1000; default 20000
  --help      this text

Exits with 2 if an option is wrong.`

const { rounds, calls } = readCommandLine({ help }, (args) => {
  const { values } = parseArgs({
    args,
    options: { rounds: { type: 'string', default: '5' }, calls: { type: 'string', default: '20000' } },
  })
  const calls = wholeNumber('calls', values.calls)
  if (calls % 1_000 !== 0) throw new TypeError(`--calls must be a multiple of 1000; got ${values.calls}`)
  return { rounds: wholeNumber('rounds', values.rounds), calls }
})

type Call = (client: Client) => Promise<unknown>

const value = 'x'.repeat(100)
const inScript = (command: string) => script(`return redis.call('${command}', KEYS[1], unpack(ARGV))`)
const [incr, set, rpush] = [inScript('INCR'), inScript('SET'), inScript('RPUSH')]

/** Each command in three ways: plain, in a script without a receipt, and with once. */
const commands: readonly { readonly name: string; readonly ways: readonly [plain: Call, script: Call, once: Call] }[] =
  [
    {
      name: 'INCR',
      ways: [(c) => c.incr('n'), (c) => c.run(incr, ['n']), (c) => c.with({ once: true }).incr('n')],
    },
    {
      name: 'SET, 100 bytes',
      ways: [
        (c) => c.set('s', value),
        (c) => c.run(set, ['s'], [value]),
        (c) => c.with({ once: true }).set('s', value),
      ],
    },
    {
      name: 'RPUSH, 10 bytes',
      ways: [
        (c) => c.call('RPUSH', 'l', '0123456789'),
        (c) => c.run(rpush, ['l'], ['0123456789']),
        (c) => c.with({ once: true }).call('RPUSH', 'l', '0123456789'),
      ],
    },
  ]

interface Figure {
  /** Calls per second. */
  readonly bursts: number
  readonly loops: number
  /** Microseconds of the server's processor time for one call, in bursts. */
  readonly server: number
}

/** Seconds of processor time that the server has used. */
async function serverTime(client: Client): Promise<number> {
  const text = await client.call<string>('INFO', 'cpu')
  const of = (name: string): number => Number(new RegExp(`^used_cpu_${name}:([\\d.]+)`, 'm').exec(text)?.[1])
  return of('sys') + of('user')
}

async function measure(client: Client, call: Call): Promise<Figure> {
  await client.call('FLUSHALL')
  await call(client)
  const before = await serverTime(client)
  const start = performance.now()
  for (let done = 0; done < calls; done += 1_000) {
    await Promise.all(Array.from({ length: 1_000 }, () => call(client)))
  }
  const bursts = (calls / (performance.now() - start)) * 1_000
  const server = (((await serverTime(client)) - before) / calls) * 1e6
  const again = performance.now()
  let left = calls
  const loop = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      await call(client)
    }
  }
  await Promise.all(Array.from({ length: 64 }, loop))
  return { bursts, loops: (calls / (performance.now() - again)) * 1_000, server }
}

/** Bytes that the server uses for the receipt of an INCR, with a key of 10 bytes. */
async function receiptSize(client: Client): Promise<number> {
  await client.call('FLUSHALL')
  const key = 'counter-01'
  const read = async (): Promise<number> =>
    Number(/^used_memory:(\d+)/m.exec(await client.call<string>('INFO', 'memory'))?.[1])
  const once = client.with({ once: true })
  const count = 20_000
  const write = async (): Promise<void> => {
    for (let done = 0; done < count; done += 1_000) {
      await Promise.all(Array.from({ length: 1_000 }, () => once.incr(key)))
    }
  }
  // The first time, buffers and tables of the server grow too.
  await write()
  const before = await read()
  await write()
  return ((await read()) - before) / count
}

for (const program of serverPrograms()) {
  const server = await startServer(program)
  const client = createClient(server.url)
  const rows: string[][] = []
  for (const { name, ways } of commands) {
    const figures: Figure[][] = ways.map(() => [])
    for (let round = 0; round < rounds; round += 1) {
      for (const [index, way] of ways.entries()) figures[index]?.push(await measure(client, way))
    }
    const [plain, scripted, once] = figures.map((all) => ({
      bursts: median(all.map(({ bursts }) => bursts)),
      loops: median(all.map(({ loops }) => loops)),
      server: median(all.map((figure) => figure.server)),
    })) as [Figure, Figure, Figure]
    const row = (what: string, figure: Figure): string[] => [
      name,
      what,
      `${figure.server.toFixed(2)} us`,
      formatRatio(figure.server / scripted.server),
      formatRate(figure.bursts),
      formatRatio(scripted.bursts / figure.bursts),
      formatRate(figure.loops),
      formatRatio(scripted.loops / figure.loops),
    ]
    rows.push(row('plain', plain), row('in a script', scripted), row('once', once))
  }
  const titles = [
    'command',
    'call',
    'server time',
    'ratio',
    'bursts of 1,000, per second',
    'ratio',
    '64 loops, per second',
    'ratio',
  ]
  console.log(`\n${nameOf(program)}: ${(await receiptSize(client)).toFixed(0)} bytes for a receipt of INCR\n`)
  console.log(
    table(
      titles.map((title, index) => ({ title, align: index < 2 ? 'left' : 'right' })),
      rows,
    ),
  )
  await client.close()
  await server.stop()
}
