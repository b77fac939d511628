import type { Argument, Reply } from '../../src/protocol/types.js'
import type { Chance } from '../simulation/chance.js'
import { Wire } from '../support/wire.js'
import type { Fill } from './forms.js'
import { plain, type State } from './world.js'

/** One node of a cluster that has the slots 0 to 99, and knows nobody else. */
export class ClusterWorld {
  readonly wire: Wire
  #id = ''

  private constructor(wire: Wire) {
    this.wire = wire
  }

  static async open(port: number): Promise<ClusterWorld> {
    return new ClusterWorld(await Wire.open(port))
  }

  close(): void {
    this.wire.close()
  }

  async build(): Promise<void> {
    await this.wire.send('FLUSHALL')
    await this.wire.send('CLUSTER', 'RESET', 'SOFT')
    await this.wire.send('CLUSTER', 'ADDSLOTSRANGE', 0, 99)
    this.#id = String(await this.wire.send('CLUSTER', 'MYID'))
  }

  fillBy(chance: Chance): Fill {
    return (placeholder): Argument => {
      if (placeholder === 'slot') return chance.between(98, 101)
      if (placeholder === 'node') return chance.happens(0.5) ? this.#id : 'f'.repeat(40)
      return chance.pick(['a', '{b}c', ''])
    }
  }

  async read(): Promise<State> {
    const nodes = String(await this.wire.send('CLUSTER', 'NODES'))
    // Without the times of pings, and the port that a handshake with a stranger may get a name for.
    const lines = nodes
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const [id, address, flags, master, , , epoch, link, ...slots] = line.split(' ')
        const isStranger = flags?.includes('handshake') === true
        return JSON.stringify(isStranger ? [address, 'handshake'] : [id, flags, master, epoch, link, slots])
      })
    const size: Reply = await this.wire.send('DBSIZE')
    const texts = new Map([
      ['nodes', lines.sort().join('\n')],
      ['size', String(JSON.stringify(plain(size)))],
    ])
    return { texts, times: new Map() }
  }
}
