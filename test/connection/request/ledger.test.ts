import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Ledger } from '../../../src/connection/request/ledger.js'

it('behaves like an array, through growth and wrapping', () => {
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.constant({ do: 'push' as const, count: 0 }) },
    { weight: 3, arbitrary: fc.constant({ do: 'shift' as const, count: 0 }) },
    { weight: 1, arbitrary: fc.constant({ do: 'unshift' as const, count: 0 }) },
    { weight: 1, arbitrary: fc.nat(5).map((count) => ({ do: 'takeNewest' as const, count })) },
    { weight: 1, arbitrary: fc.nat(200).map((count) => ({ do: 'pushMany' as const, count })) },
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const ledger = new Ledger<number>()
      const model: number[] = []
      let next = 0
      const push = (): void => {
        ledger.push(next)
        model.push(next)
        next += 1
      }
      for (const { do: action, count } of steps) {
        if (action === 'push') push()
        else if (action === 'pushMany') for (let i = 0; i < count; i += 1) push()
        else if (action === 'shift') expect(ledger.shift()).toBe(model.shift())
        else if (action === 'unshift') {
          ledger.unshift(next)
          model.unshift(next)
          next += 1
        } else {
          const size = Math.min(count, model.length)
          expect(ledger.takeNewest(size)).toEqual(model.splice(model.length - size))
        }
        expect(ledger.length).toBe(model.length)
        expect(ledger.first()).toBe(model[0])
      }
      expect([...ledger]).toEqual(model)
      expect(ledger.takeAll()).toEqual(model)
      expect(ledger.length).toBe(0)
    }),
  )
})
