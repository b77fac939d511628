import type { Fault } from '../../lab/proxy/fault.js'
import type { Link } from '../../lab/proxy/link.js'
import { FaultProxy } from '../../lab/proxy/proxy.js'
import type { Chance } from '../simulation/chance.js'

/** A proxy that sometimes cuts, stalls or garbles connections. */
export async function unreliableProxy(target: URL, chance: Chance): Promise<FaultProxy> {
  const proxy = await FaultProxy.start({ host: target.hostname, port: Number(target.port || 6379) })
  const cut = (chunk: Buffer): Fault => ({
    do: 'cut',
    after: chance.between(0, chunk.length),
    how: chance.pick(['reset', 'end'] as const),
  })
  proxy.onRequest = (chunk) => {
    if (!chance.happens(0.03)) return { do: 'pass' }
    return chance.happens(0.9) ? cut(chunk) : { do: chance.pick(['stall', 'black hole'] as const) }
  }
  const garbled = new WeakSet<Link>()
  proxy.onReply = (chunk, link) => {
    // Within a long value garbage is taken for a part of it. If more replies followed, they could be read out of step, which
    // no client can detect.
    if (garbled.has(link)) return { do: 'drop' }
    if (!chance.happens(0.03)) return { do: 'pass' }
    if (chance.happens(0.1)) {
      garbled.add(link)
      setImmediate(() => link.cut('end'))
      return { do: 'replace', bytes: Buffer.from('what is this\r\n') }
    }
    return chance.happens(0.9) ? cut(chunk) : { do: 'stall' }
  }
  return proxy
}

/** Ends all connections, and lets everything pass on new ones. */
export function makeReliable(proxy: FaultProxy): void {
  proxy.onRequest = () => ({ do: 'pass' })
  proxy.onReply = () => ({ do: 'pass' })
  proxy.resetAll()
}
