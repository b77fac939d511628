import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { slotOfKey } from '../../src/commands/slots.js'
import { receiptName } from '../../src/once/receipt-name.js'

const text = (key: string, id: string): string => String(receiptName(key, id))

describe('The name of a receipt', () => {
  // Frozen: another version of this package, in another process, must compute the same name.
  it.each([
    ['cart', 'cart:once:{4bU}:id'],
    ['{user}:cart', '{user}:cart:once:id'],
    ['a}b', 'a}b:once:{4w2}:id'],
    ['a{b', 'a{b:once:5Uz}:id'],
    ['{}x', '{}x:once:id:61D'],
    ['', ':once:{06S}:id'],
  ])('of the key %j is %j', (key, name) => {
    expect(text(key, 'id')).toBe(name)
  })

  const strange = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('a', '{', '}', ':', 'é') }))

  it('begins with the key, and has its slot, whatever is in key and id', () => {
    fc.assert(
      fc.property(strange, strange, (key, id) => {
        const name = Buffer.from(receiptName(key, id))
        expect(name.subarray(0, Buffer.byteLength(key))).toEqual(Buffer.from(key))
        expect(slotOfKey(name)).toBe(slotOfKey(key))
        expect(String(name)).toContain(id)
      }),
      { numRuns: 2_000 },
    )
  })

  it('has the slot of a key of any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20 }), (key) => {
        expect(slotOfKey(receiptName(key, 'id'))).toBe(slotOfKey(key))
      }),
    )
  })
})
