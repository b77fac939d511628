import { randomUUID } from 'node:crypto'
import { isIP } from 'node:net'
import { checkServerIdentity } from 'node:tls'
import { parseArgs } from 'node:util'
import { FaultProxy } from '../lab/proxy/proxy.js'
import { atEnd } from '../scripts/at-end.js'
import { readCommandLine, required } from '../scripts/command-line.js'
import { type Client, type ClientOptionsOf, createClient } from '../src/index.js'
import { resolveOptions } from '../src/options/resolve.js'
import { type DemoServer, findDemoServer } from './find-server.js'
import { headings, isTrue, rowOf } from './observation.js'
import { playScenes } from './scenes.js'
import { formatTable } from './table.js'
import { Wire } from './wire.js'

/**
 * Shows the main job in a few seconds: commands, pipelines, a transaction, and then links that break at the worst moments,
 * with what became of each command, held against what the server's data says. Ends with 0 only when every word was true.
 *
 * `npm run demo [-- URL]`, or with the URL in RESPITE_URL.
 */

const prefix = `respite-demo:${randomUUID()}:`
const keys = new Set<string>()
const key = (name: string): string => {
  keys.add(prefix + name)
  return prefix + name
}

const help = `npm run demo [-- URL]: what becomes of commands when links break

  URL       of a server; default: RESPITE_URL, or a server that is found, or the built-in one
  --cluster starts a cluster instead, moves a slot there, and kills a master
  --help    this text

Exits with 1 if a fate was not true, with 2 if the command line is wrong.`

const { url, isCluster } = readCommandLine({ help }, (args) => {
  const { positionals, values } = parseArgs({ args, allowPositionals: true, options: { cluster: { type: 'boolean' } } })
  if (positionals.length > (values.cluster ? 0 : 1)) throw new TypeError('one URL is expected, or --cluster')
  const [given = process.env.RESPITE_URL] = positionals
  // An invalid URL is a matter of the command line.
  if (given !== undefined) resolveOptions(given)
  return { url: given, isCluster: values.cluster === true }
})
if (isCluster) {
  const { showCluster } = await import('./cluster.js')
  process.exit(say(await showCluster()))
}
const server = await findDemoServer(url)
console.log(`Server: ${server.description}\n`)
const proxy = await FaultProxy.start(server.path === undefined ? server : { path: server.path })
const wire = isEncrypted(server.url) ? undefined : new Wire(proxy)

// One client through the proxy, whose link is going to suffer, and one beside it that looks what really happened.
const witness = createClient(server.url, { connectDeadline: 3_000 })
// Before anything else: without a server there is nothing to show, and nothing to clear away.
await required('demo', () => witness.connect())
const client = clientThroughProxy(server, proxy.port)
client.on('status', (status, previous) => console.log(`  status: ${previous} -> ${status}`))

// A server of the user's own keeps no key if this is interrupted. Through the proxy, nothing more comes.
const forget = atEnd(async () => {
  client.destroy()
  await proxy.stop()
  if (url !== undefined && keys.size > 0) await witness.unlink([...keys])
})
let isAllTrue = false
try {
  await showCommands(client)
  isAllTrue = await showFaults()
} finally {
  forget()
  await witness.unlink(keys.size === 0 ? key('none') : [...keys])
  await Promise.all([client.close(), witness.close()])
  await proxy.stop()
  await server.stop()
}
process.exitCode = say(isAllTrue)

/** @returns the exit code */
function say(isTrue: boolean): 0 | 1 {
  console.log(isTrue ? '\nEvery fate was true.' : '\nA fate was not true.')
  return isTrue ? 0 : 1
}

function clientThroughProxy({ url, host, path }: DemoServer, port: number): Client {
  const options: ClientOptionsOf = { host: '127.0.0.1', port, clientName: 'respite-demo' }
  if (path !== undefined) {
    const { username, password, database } = resolveOptions(url)
    return createClient({ ...options, username, password, database })
  }
  if (!isEncrypted(url)) return createClient(url, options)
  // The certificate is the server's own, not the proxy's.
  const name = isIP(host) === 0 ? { servername: host } : {}
  const tls: NonNullable<ClientOptionsOf['tls']> = {
    ...name,
    checkServerIdentity: (_name, certificate) => checkServerIdentity(host, certificate),
  }
  return createClient(url, { ...options, tls })
}

function isEncrypted(url: string): boolean {
  return resolveOptions(url).tls !== undefined
}

async function showCommands(client: Client): Promise<void> {
  console.log('Typed and raw commands')
  console.log('  set            ', await client.set(key('greeting'), 'hello', 'EX', 60))
  console.log('  get            ', await client.get(key('greeting')))
  console.log('  hset           ', await client.hset(key('user'), { name: 'Ada', born: 1815 }))
  console.log('  hgetall        ', await client.hgetall(key('user')))
  console.log(
    '  rpush, lrange  ',
    await client.rpush(key('letters'), 'a', 'b'),
    await client.lrange(key('letters'), 0, -1),
  )
  console.log('  with buffers   ', await client.with({ buffers: true }).get(key('greeting')))
  console.log("  call('ECHO')   ", await client.call('ECHO', 'any command, by name'))

  console.log('\nA pipeline: 10,000 commands of one tick')
  const started = performance.now()
  const counts = await Promise.all(Array.from({ length: 10_000 }, () => client.incr(key('n'))))
  console.log(`  last reply ${counts.at(-1)}, ${(performance.now() - started).toFixed(0)} ms`)

  console.log('\nA transaction')
  const results = await client.multi().incr(key('visits')).get(key('greeting')).exec()
  console.log('  incr, get      ', results)
}

/** @returns whether everything that was said of the commands is true */
async function showFaults(): Promise<boolean> {
  console.log('\nLinks that break, and what became of each command')
  const observations = await playScenes({ client, witness, proxy, wire, key })
  console.log(`\n${formatTable(headings, observations.map(rowOf))}\n`)
  console.log(
    '  An INCR may do its work twice, so it is not sent again: `unknown` is the truth, whether it ran or not.',
  )
  const { lost, replayed, rejectedOnLoss } = client.stats()
  console.log(`  client.stats(): ${lost} connections lost, ${replayed} commands replayed, ${rejectedOnLoss} rejected`)
  return observations.every(isTrue)
}
