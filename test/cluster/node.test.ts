import { expect, it } from 'vitest'
import { CommonIntake } from '../../src/cluster/common-intake.js'
import { Node } from '../../src/cluster/node.js'
import { Counters } from '../../src/connection/request/counters.js'
import type { Transport } from '../../src/connection/transport/transport.js'
import { resolveOptions } from '../../src/options/resolve.js'
import { Chance } from '../simulation/chance.js'
import { SimulatedClock } from '../simulation/clock.js'

/** A node at whose address nobody answers. */
function deadNode(): Node {
  const clock = new SimulatedClock(new Chance(1), (error) => expect.unreachable(String(error)))
  const address = { host: '10.0.0.1', port: 7_000 }
  const options = resolveOptions({ connectTimeout: 3_600_000, connectDeadline: 3_600_000 })
  const transport: Pick<Transport, 'write' | 'destroy'> = { write: () => 'refused', destroy: () => false }
  const ignore = (): void => {}
  return new Node(
    'id',
    { announced: address, address },
    { options, dial: () => transport as Transport, clock, nextId: () => 1, onExpiry: ignore },
    () => ({ intake: new CommonIntake(clock, new Counters()), onRefused: () => false, onQuiet: ignore }),
    { onStatus: ignore, onLost: ignore, onError: ignore, report: ignore },
  )
}

it("a node that views no longer contain is kept for the client's own requests, such as fences, but not for ever", () => {
  const node = deadNode()
  expect(node.isInUse).toBe(false)
  node.question(node.shared, ['CLIENT', 'KILL'], 3_600_000).catch(() => {})
  expect(node.isInUse).toBe(true)
  node.missed = 39
  expect(node.isInUse).toBe(true)
  node.missed = 40
  expect(node.isInUse).toBe(false)
  node.destroy()
})
