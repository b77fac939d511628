import { describe, expect, it } from 'vitest'
import { isDetached, viewOf } from '../../src/protocol/byte-arrays.js'
import { withoutArguments } from '../../src/protocol/quoted-arguments.js'

const detached = (): Uint8Array => {
  const bytes = new Uint8Array(8)
  structuredClone(bytes, { transfer: [bytes.buffer] })
  return bytes
}

describe('A view of bytes', () => {
  it('is on the same memory', () => {
    const bytes = Uint8Array.from([1, 2, 3, 4]).subarray(1, 3)
    viewOf(bytes)[0] = 9
    expect(bytes[0]).toBe(9)
  })

  it('is empty where the memory was detached, before or after', () => {
    expect(isDetached(detached())).toBe(true)
    expect(viewOf(detached())).toHaveLength(0)
    const bytes = new Uint8Array(8)
    const view = viewOf(bytes)
    structuredClone(bytes, { transfer: [bytes.buffer] })
    expect(view).toHaveLength(0)
  })
})

describe('The arguments in the text of an error', () => {
  it('are left out also where one of them was given away meanwhile', () => {
    expect(withoutArguments("ERR can't read 'secret'", [detached(), 'secret'])).toBe("ERR can't read '...'")
  })
})
