import { describe, expect, it } from 'vitest'
import { MessageBuffer } from '../../src/pubsub/message-buffer.js'

const read = async <T>(messageBuffer: MessageBuffer<T>): Promise<T[]> => {
  const items: T[] = []
  for await (const item of messageBuffer) items.push(item)
  return items
}

describe('a message buffer', () => {
  it('returns buffered items in order, then new ones', async () => {
    const messageBuffer = new MessageBuffer<number>(10, 'drop-oldest')
    messageBuffer.put(1)
    messageBuffer.put(2)
    expect(await messageBuffer.next()).toEqual({ value: 1, done: false })
    expect(await messageBuffer.next()).toEqual({ value: 2, done: false })
    const later = messageBuffer.next()
    messageBuffer.put(3)
    expect(await later).toEqual({ value: 3, done: false })
  })

  it('is read completely, and then ends', async () => {
    const messageBuffer = new MessageBuffer<number>(10, 'drop-oldest')
    messageBuffer.put(1)
    messageBuffer.end()
    messageBuffer.put(2)
    expect(await read(messageBuffer)).toEqual([1])
    expect(await messageBuffer.next()).toEqual({ value: undefined, done: true })
  })

  it('throws its error once, after all buffered items', async () => {
    const messageBuffer = new MessageBuffer<number>(10, 'drop-oldest')
    messageBuffer.put(1)
    messageBuffer.end(new Error('why'))
    expect(await messageBuffer.next()).toEqual({ value: 1, done: false })
    await expect(messageBuffer.next()).rejects.toThrow('why')
    expect(await messageBuffer.next()).toEqual({ value: undefined, done: true })
  })

  it('settles waiting readers at its end or with its error', async () => {
    const ended = new MessageBuffer<number>(10, 'drop-oldest')
    const waiting = ended.next()
    ended.end()
    expect(await waiting).toEqual({ value: undefined, done: true })
    const failed = new MessageBuffer<number>(10, 'drop-oldest')
    const [first, second] = [failed.next(), failed.next()]
    failed.end(new Error('why'))
    await expect(first).rejects.toThrow('why')
    expect(await second).toEqual({ value: undefined, done: true })
  })

  it('drops the oldest items if it is full, and counts them', async () => {
    const messageBuffer = new MessageBuffer<number>(2, 'drop-oldest')
    for (const item of [1, 2, 3, 4]) messageBuffer.put(item)
    messageBuffer.end()
    expect(await read(messageBuffer)).toEqual([3, 4])
    expect(messageBuffer.dropped).toBe(2)
  })

  it("ends if it is full, with 'end'", async () => {
    const messageBuffer = new MessageBuffer<number>(2, 'end')
    let isReturned = false
    messageBuffer.onReturn = () => {
      isReturned = true
    }
    for (const item of [1, 2, 3]) messageBuffer.put(item)
    expect(isReturned).toBe(true)
    expect(await messageBuffer.next()).toEqual({ value: 1, done: false })
    expect(await messageBuffer.next()).toEqual({ value: 2, done: false })
    await expect(messageBuffer.next()).rejects.toMatchObject({ name: 'QueueFullError', fate: 'not-executed' })
  })

  it('ends when its reader stops', async () => {
    const messageBuffer = new MessageBuffer<number>(10, 'drop-oldest')
    let isReturned = false
    messageBuffer.onReturn = () => {
      isReturned = true
    }
    messageBuffer.put(1)
    messageBuffer.put(2)
    for await (const _ of messageBuffer) break
    expect(isReturned).toBe(true)
    expect(await messageBuffer.next()).toEqual({ value: undefined, done: true })
  })
})
