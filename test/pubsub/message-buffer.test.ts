import { describe, expect, it } from 'vitest'
import { Mailbox } from '../../src/pubsub/message-buffer.js'

const read = async <T>(mailbox: Mailbox<T>): Promise<T[]> => {
  const items: T[] = []
  for await (const item of mailbox) items.push(item)
  return items
}

describe('a mailbox', () => {
  it('gives what came, in order, then what comes', async () => {
    const mailbox = new Mailbox<number>(10, 'drop-oldest')
    mailbox.put(1)
    mailbox.put(2)
    expect(await mailbox.next()).toEqual({ value: 1, done: false })
    expect(await mailbox.next()).toEqual({ value: 2, done: false })
    const later = mailbox.next()
    mailbox.put(3)
    expect(await later).toEqual({ value: 3, done: false })
  })

  it('is read to its end, and then ends', async () => {
    const mailbox = new Mailbox<number>(10, 'drop-oldest')
    mailbox.put(1)
    mailbox.end()
    mailbox.put(2)
    expect(await read(mailbox)).toEqual([1])
    expect(await mailbox.next()).toEqual({ value: undefined, done: true })
  })

  it('throws its error once, when all that came before has been read', async () => {
    const mailbox = new Mailbox<number>(10, 'drop-oldest')
    mailbox.put(1)
    mailbox.end(new Error('why'))
    expect(await mailbox.next()).toEqual({ value: 1, done: false })
    await expect(mailbox.next()).rejects.toThrow('why')
    expect(await mailbox.next()).toEqual({ value: undefined, done: true })
  })

  it('tells readers who wait already, of the end or of the error', async () => {
    const ended = new Mailbox<number>(10, 'drop-oldest')
    const waiting = ended.next()
    ended.end()
    expect(await waiting).toEqual({ value: undefined, done: true })
    const failed = new Mailbox<number>(10, 'drop-oldest')
    const [first, second] = [failed.next(), failed.next()]
    failed.end(new Error('why'))
    await expect(first).rejects.toThrow('why')
    expect(await second).toEqual({ value: undefined, done: true })
  })

  it('drops the oldest when it is full, and counts them', async () => {
    const mailbox = new Mailbox<number>(2, 'drop-oldest')
    for (const item of [1, 2, 3, 4]) mailbox.put(item)
    mailbox.end()
    expect(await read(mailbox)).toEqual([3, 4])
    expect(mailbox.dropped).toBe(2)
  })

  it("ends when it is full, with 'end'", async () => {
    const mailbox = new Mailbox<number>(2, 'end')
    let isReturned = false
    mailbox.onReturn = () => {
      isReturned = true
    }
    for (const item of [1, 2, 3]) mailbox.put(item)
    expect(isReturned).toBe(true)
    expect(await mailbox.next()).toEqual({ value: 1, done: false })
    expect(await mailbox.next()).toEqual({ value: 2, done: false })
    await expect(mailbox.next()).rejects.toMatchObject({ name: 'QueueFullError', fate: 'not-executed' })
  })

  it('is left when its reader stops', async () => {
    const mailbox = new Mailbox<number>(10, 'drop-oldest')
    let isReturned = false
    mailbox.onReturn = () => {
      isReturned = true
    }
    mailbox.put(1)
    mailbox.put(2)
    for await (const _ of mailbox) break
    expect(isReturned).toBe(true)
    expect(await mailbox.next()).toEqual({ value: undefined, done: true })
  })
})
