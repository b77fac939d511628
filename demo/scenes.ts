import { endAfter, type Fault, pass, resetAfter } from '../lab/proxy/fault.js'
import type { FaultProxy } from '../lab/proxy/proxy.js'
import type { Client } from '../src/index.js'
import { listen, type Observation } from './observation.js'
import type { Wire } from './wire.js'

/** What every scene needs. */
export interface Stage {
  /** Its link goes through the proxy. */
  readonly client: Client
  /** Its link does not: it looks what really happened. */
  readonly witness: Client
  readonly proxy: FaultProxy
  /** Absent where the link is encrypted. */
  readonly wire: Wire | undefined
  /** A key that is this demonstration's alone. */
  key(name: string): string
}

/** All scenes, one after the other. */
export async function playScenes(stage: Stage): Promise<Observation[]> {
  const { proxy } = stage
  return [
    ...(await threeCommands(stage, 'reset before the server has them', () => {
      proxy.onRequest = once(proxy, 'onRequest', resetAfter(0))
    })),
    ...(await threeCommands(stage, 'reset after they ran, no reply yet', () => {
      proxy.onReply = once(proxy, 'onReply', resetAfter(0))
    })),
    await repeatedOnDemand(stage),
    await endInMidReply(stage),
    ...(await serverOutOfReach(stage)),
    await refusedByServer(stage),
  ]
}

/** A hook that does its work for the first bytes that come, and takes itself away. */
function once(proxy: FaultProxy, hook: 'onRequest' | 'onReply', fault: Fault): () => Fault {
  return () => {
    proxy[hook] = () => pass
    return fault
  }
}

/** A read, an idempotent write and an unsafe one, of one tick, all in flight when the link breaks. */
async function threeCommands(stage: Stage, when: string, breakLink: () => void): Promise<Observation[]> {
  const { client, witness } = stage
  const [read, write, count] = ['read', 'write', 'count'].map((name) => stage.key(`${when}:${name}`)) as [
    string,
    string,
    string,
  ]
  await witness.set(read, 'value')
  await client.ping()
  breakLink()
  const [readSaid, writeSaid, countSaid] = await Promise.all([
    listen(client.get(read)),
    listen(client.set(write, 'new')),
    listen(client.incr(count)),
  ])
  const wasWritten = (await witness.get(write)) === 'new'
  const sent = (name: string, key: string): number | undefined => stage.wire?.count(name, key)
  const many = Number.POSITIVE_INFINITY
  return [
    { when, command: 'GET', said: readSaid, sent: sent('GET', read), ran: undefined, mayRun: many },
    // Set once or twice, the data are the same: that is what lets it be sent again.
    { when, command: 'SET', said: writeSaid, sent: sent('SET', write), ran: wasWritten ? 1 : 0, mayRun: many },
    { when, command: 'INCR', said: countSaid, sent: sent('INCR', count), ran: await countOf(stage, count), mayRun: 1 },
  ]
}

async function repeatedOnDemand(stage: Stage): Promise<Observation> {
  const { client, proxy } = stage
  const key = stage.key('repeated')
  await client.ping()
  proxy.onReply = once(proxy, 'onReply', resetAfter(0))
  const said = await listen(client.with({ retry: 'always' }).incr(key))
  return observe(stage, 'the same', "INCR, retry: 'always'", key, said, 3)
}

async function endInMidReply(stage: Stage): Promise<Observation> {
  const { client, proxy } = stage
  const key = stage.key('mid-reply')
  await client.ping()
  proxy.onReply = once(proxy, 'onReply', endAfter(2))
  const said = await listen(client.incr(key))
  return observe(stage, 'FIN after 2 bytes of the reply', 'INCR', key, said, 1)
}

/** Queued is not sent: what waits for a connection can be given up, and what is not given up runs later. */
async function serverOutOfReach(stage: Stage): Promise<Observation[]> {
  const { client, proxy } = stage
  const [impatient, patient] = [stage.key('impatient'), stage.key('patient')]
  await client.ping()
  const lost = new Promise<void>((resolve) => client.once('status', () => resolve()))
  proxy.refuse()
  proxy.resetAll()
  await lost
  const waiting = listen(client.incr(patient))
  const givenUp = listen(client.with({ timeout: 100 }).incr(impatient))
  const ledger = client.inFlight().map(({ command, state }) => `${command} ${state}`)
  console.log(`  client.inFlight() while the server is out of reach: ${ledger.join(', ')}`)
  const when = 'server out of reach'
  const first = await observe(stage, when, 'INCR, timeout: 100', impatient, await givenUp, 1)
  await proxy.open()
  return [first, await observe(stage, `${when}, then back`, 'INCR', patient, await waiting, 1)]
}

async function refusedByServer(stage: Stage): Promise<Observation> {
  const { client, witness } = stage
  const key = stage.key('list')
  await witness.rpush(key, 'element')
  const said = await listen(client.incr(key))
  const isUntouched = (await witness.lrange(key, 0, -1)).join() === 'element'
  const sent = stage.wire?.count('INCR', key)
  return { when: 'no fault', command: 'INCR of a list', said, sent, ran: isUntouched ? 0 : 1, mayRun: 1 }
}

async function observe(
  stage: Stage,
  when: string,
  command: string,
  key: string,
  said: Observation['said'],
  mayRun: number,
): Promise<Observation> {
  return { when, command, said, sent: stage.wire?.count('INCR', key), ran: await countOf(stage, key), mayRun }
}

/** How often an INCR ran, by the server's data. */
async function countOf({ witness }: Stage, key: string): Promise<number> {
  return Number((await witness.get(key)) ?? 0)
}
