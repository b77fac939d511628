import { setTimeout as sleep } from 'node:timers/promises'
import { endAfter, resetAfter } from '../../lab/proxy/fault.js'
import type { Link } from '../../lab/proxy/link.js'
import { FaultProxy } from '../../lab/proxy/proxy.js'
import { createClient } from '../../src/index.js'
import { Chance } from '../simulation/chance.js'
import { startServer } from '../support/server.js'
import { isLinearizable, shortened, traceOf } from './checker.js'
import { readFindings, textOf } from './findings.js'
import { History } from './history.js'
import { callerOf, optionsOf, type Setting } from './setting.js'

/** A user that may not run CLIENT KILL. */
const restricted = { username: 'restricted', password: 'secret' }

/** Milliseconds in which calls are made and faults happen. */
const duration = 700

/** What a path does to one link. Held bytes are delivered when the client has given the connection up. */
const faults: readonly ((link: Link, proxy: FaultProxy, chance: Chance) => void)[] = [
  (link) => link.reset(),
  (link) => link.end(),
  (link, _, chance) => {
    link.requests.stall()
    setTimeout(() => link.requests.resume(), chance.between(150, 400))
  },
  (link, _, chance) => {
    link.replies.stall()
    setTimeout(() => link.replies.resume(), chance.between(150, 400))
  },
  (link, proxy, chance) => {
    const cut = chance.happens(0.5) ? resetAfter(chance.between(0, 6)) : endAfter(chance.between(0, 6))
    proxy.onReply = (_, from) => {
      if (from !== link) return { do: 'pass' }
      proxy.onReply = () => ({ do: 'pass' })
      return cut
    }
  },
]

/** The histories of a register and a list on a real server, under one schedule of faults. */
async function realHistories(port: number, seed: number, setting: Setting): Promise<History[]> {
  const chance = new Chance(seed)
  const witness = createClient({ port })
  if (!setting.isFenceable) {
    await witness.call('ACL', 'SETUSER', 'restricted', 'reset', 'on', '>secret', '~*', '&*', '+@all', '-client|kill')
  }
  const proxy = await FaultProxy.start(port)
  const access = setting.isFenceable ? {} : restricted
  const clients = Array.from({ length: setting.clients }, () =>
    createClient({ ...optionsOf(setting), ...access, port: proxy.port, stallTimeout: 60 }),
  )
  const name = `${seed}:${setting.repeat}:${setting.fence}:${setting.isFenceable}:${setting.clients}`
  const now = (): number => performance.now()
  const histories = [new History(`register:${name}`, 'register', now), new History(`list:${name}`, 'list', now)]
  try {
    for (const client of clients) await client.connect()
    const end = now() + duration
    const callers = clients.flatMap((client, index) =>
      histories.map(async (history) => {
        const caller = callerOf(client, setting)
        while (now() < end) {
          await history.call(caller, chance.happens(0.5), index + 1)
          await sleep(chance.fraction() * 20)
        }
      }),
    )
    for (let i = chance.between(2, 5); i > 0; i -= 1) {
      await sleep((chance.fraction() * duration) / 5)
      const { links } = proxy
      if (links.length > 0) chance.pick(faults)(chance.pick(links), proxy, chance)
    }
    await Promise.all(callers)
    // What was held has been delivered by then.
    await sleep(450)
    await Promise.all(histories.map((history) => history.settled()))
    for (const history of histories) await history.call(witness, false, 0)
    return histories
  } finally {
    for (const client of clients) client.destroy()
    await proxy.stop()
    await witness.call('UNLINK', ...histories.map(({ key }) => key))
    await witness.close()
  }
}

/** What was seen on a real server. */
export interface RealFindings {
  /** Traces of histories that are not as docs/guarantees.md says. */
  readonly violations: readonly string[]
  readonly operations: number
}

/** So many histories are made at the same time. */
const together = 10

/** Makes histories of each setting on a server of this program, and compares them with what docs/guarantees.md says. */
export async function checkOnServer(
  program: string,
  args: readonly string[],
  settings: readonly Setting[],
  rounds: number,
): Promise<RealFindings> {
  const known = await readFindings()
  const server = await startServer(program, args)
  const violations: string[] = []
  let operations = 0
  const runs = Array.from({ length: rounds }, (_, seed) => settings.map((setting) => ({ seed, setting }))).flat()
  const work = async (): Promise<void> => {
    for (let run = runs.shift(); run !== undefined; run = runs.shift()) {
      const { seed, setting } = run
      for (const { structure, operations: history } of await realHistories(server.port, seed, setting)) {
        operations += history.length
        const question = textOf({ property: 'linearizable', structure, setting })
        if (known.violations[question] !== undefined || isLinearizable(history)) continue
        violations.push(`${question}, seed ${seed}:\n${traceOf(shortened(history)).join('\n')}`)
      }
    }
  }
  try {
    await Promise.all(Array.from({ length: together }, work))
  } finally {
    await server.stop()
  }
  return { violations, operations }
}
