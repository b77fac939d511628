import { FaultProxy } from '../lab/proxy/proxy.js'
import { type Client, createClient, RespiteError } from '../src/index.js'
import { findDemoServer } from './find-server.js'

/**
 * Shows the main job in a few seconds: commands, pipelines, a transaction, and then a connection reset at the worst moment,
 * with what became of each command, checked against what the server's data says.
 */

const prefix = `respite-demo:${process.pid}:`
const key = (name: string): string => prefix + name

const server = await findDemoServer(process.argv[2] ?? process.env.RESPITE_URL)
console.log(`Server: ${server.description}\n`)
const proxy = await FaultProxy.start(server.port)
const url = new URL(server.url)
url.hostname = '127.0.0.1'
url.port = String(proxy.port)

// One client through the proxy, whose connection is going to suffer, and one beside it that looks what really happened.
const client = createClient(url.href, { clientName: 'respite-demo' })
const witness = createClient(server.url.href)
client.on('status', (status, previous) => console.log(`  status: ${previous} -> ${status}`))

let failed = false
try {
  await showCommands(client)
  failed = !(await showReset(client, witness))
} finally {
  await witness.unlink(...['greeting', 'user', 'n', 'visits', 'read', 'write', 'count'].map(key))
  await Promise.all([client.close(), witness.close()])
  await proxy.stop()
  await server.stop()
}
console.log(failed ? '\nA fate was not true.' : '\nEvery fate was true.')
process.exitCode = failed ? 1 : 0

async function showCommands(client: Client): Promise<void> {
  console.log('Typed and raw commands')
  console.log('  set            ', await client.set(key('greeting'), 'hello', 'EX', 60))
  console.log('  get            ', await client.get(key('greeting')))
  console.log('  hset           ', await client.hset(key('user'), { name: 'Ada', born: 1815 }))
  console.log('  hgetall        ', await client.hgetall(key('user')))
  console.log('  with buffers   ', await client.with({ buffers: true }).get(key('greeting')))
  console.log("  call('ECHO')   ", await client.call('ECHO', 'any command, by name'))

  console.log('\nA pipeline: 10,000 commands of one tick')
  const started = performance.now()
  const counts = await Promise.all(Array.from({ length: 10_000 }, () => client.incr(key('n'))))
  console.log(`  last reply ${counts.at(-1)}, ${(performance.now() - started).toFixed(0)} ms`)

  console.log('\nA transaction')
  const [visits, greeting] = await client.multi().incr(key('visits')).get(key('greeting')).exec()
  console.log('  incr, get      ', [visits, greeting])
}

/** @returns whether every error told the truth */
async function showReset(client: Client, witness: Client): Promise<boolean> {
  console.log('\nA reset after the server ran the commands and before their replies came back')
  await witness.set(key('read'), 'value')
  let isArmed = true
  proxy.onReply = () => {
    if (!isArmed) return { do: 'pass' }
    isArmed = false
    return { do: 'cut', after: 0, how: 'reset' }
  }
  const rows = await Promise.all([
    outcome('GET read', client.get(key('read'))),
    outcome('SET write', client.set(key('write'), 'new')),
    outcome('INCR count', client.incr(key('count'))),
    outcome('INCR count, retry always', client.with({ retry: 'always' }).incr(key('count'))),
  ])
  const count = Number(await witness.get(key('count')))
  console.table(rows)
  console.log(
    `  the server's data: read = ${await witness.get(key('read'))}, write = ${await witness.get(key('write'))}, count = ${count}`,
  )
  console.log('  the plain INCR ran, and its reply was lost: it was not sent again, and said `unknown`;')
  console.log("  the one with retry: 'always' ran twice, as it was told to")

  const [read, write, incr, always] = rows
  return (
    read?.outcome === 'value' &&
    write?.outcome === 'OK' &&
    incr?.fate === 'unknown' &&
    count === 3 &&
    always?.outcome === 3
  )
}

async function outcome(command: string, reply: Promise<unknown>): Promise<Row> {
  try {
    return { command, outcome: await reply }
  } catch (error) {
    if (!(error instanceof RespiteError)) throw error
    const { name, code, fate, attempts } = error
    return { command, outcome: name, code, fate, attempts }
  }
}

/** A line of the table. */
interface Row {
  readonly command: string
  readonly outcome: unknown
  readonly code?: string
  readonly fate?: string
  readonly attempts?: number
}
