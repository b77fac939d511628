import { describe, expect, it } from 'vitest'
import { Ledger } from '../../../src/connection/request/ledger.js'
import { RequestQueue } from '../../../src/connection/request/queue.js'
import type { WriteResult } from '../../../src/connection/transport/transport.js'
import { WriteBuffer } from '../../../src/connection/transport/write-buffer.js'
import { pingSlot, type Slot } from '../../../src/connection/wire/evidence.js'
import { RequestWriter } from '../../../src/connection/wire/request-writer.js'
import type { Encoder } from '../../../src/protocol/encoder.js'
import { TestRequest } from '../../support/test-request.js'

interface Form {
  readonly replyCount?: number
  readonly isSentAlone?: boolean
}

class Echo extends TestRequest {
  readonly #text: unknown
  readonly #form: Form

  constructor(text: unknown, form: Form = {}) {
    super()
    this.#text = text
    this.#form = form
  }

  override get replyCount(): number {
    return this.#form.replyCount ?? 1
  }

  override get isSentAlone(): boolean {
    return this.#form.isSentAlone ?? false
  }

  override encode(encoder?: Encoder): void {
    encoder?.append(['ECHO'])
    encoder?.append(['ECHO', this.#text as string])
  }
}

/** Bytes of both frames of an Echo with this text. */
const bytesOf = (text: string): number => '*1\r\n$4\r\nECHO\r\n*2\r\n$4\r\nECHO\r\n$1\r\n\r\n'.length + text.length

function start(...results: WriteResult[]) {
  const writes: string[] = []
  const writeBuffer = new WriteBuffer()
  writeBuffer.open({
    writableLength: 0,
    write: (chunks) => {
      const result = results.shift() ?? 'taken'
      if (result !== 'refused') writes.push(Buffer.concat(chunks).toString())
      return result
    },
    destroy: () => false,
  })
  const ledger = new Ledger<Slot>()
  const writer = new RequestWriter(ledger, writeBuffer)
  const queue = new RequestQueue()
  const enqueue = (...requests: Echo[]): void => {
    for (const request of requests) queue.push(request)
  }
  return { writer, writeBuffer, ledger, queue, enqueue, writes }
}

describe('requests', () => {
  it('are written together, and their replies are pending in the same order', () => {
    const { writer, ledger, queue, enqueue, writes } = start()
    const [a, b] = [new Echo('a'), new Echo('b')]
    enqueue(a, b)
    expect(writer.send(queue)).toBe(2)
    expect(writes).toHaveLength(1)
    expect([...ledger]).toEqual([a, b])
    expect([a.state, a.attempts, a.frameBytes, a.repliesOwed]).toEqual(['sent', 1, bytesOf('a'), 1])
  })

  it('are written in several batches, so that later ones can still be withdrawn while one is pending', () => {
    const { writer, queue, enqueue, writes } = start('pending')
    const large = 'x'.repeat(100_000)
    enqueue(new Echo(large), new Echo(large), new Echo(large))
    expect(writer.send(queue)).toBe(2)
    expect([writer.isWritable, writes.length, queue.length]).toEqual([false, 1, 1])
  })

  it('that the transport refuses are queued again in their order, and the attempt does not count', () => {
    const { writer, ledger, queue, enqueue } = start('refused')
    const [a, b, c] = [new Echo('a'), new Echo('b'), new Echo('c')]
    enqueue(a, b)
    expect(writer.send(queue)).toBe(0)
    enqueue(c)
    expect([...queue]).toEqual([a, b, c])
    expect([a.state, a.attempts, ledger.length, writer.wasRefused]).toEqual(['queued', 0, 0, true])
  })

  it('that cannot be encoded are rejected, and leave no part of their frames', () => {
    const { writer, ledger, queue, enqueue, writes } = start()
    const [wrong, right] = [new Echo(null), new Echo('a')]
    enqueue(wrong, right)
    expect(writer.send(queue)).toBe(1)
    expect(wrong.outcome).toMatchObject({ error: { name: 'UsageError', fate: 'not-executed' } })
    expect(writes.join('')).toHaveLength(bytesOf('a'))
    expect([...ledger]).toEqual([right])
  })
})

describe('a request without a reply', () => {
  it('is settled when it is written, and its bytes count for the next request that has one', () => {
    const { writer, ledger, queue, enqueue } = start()
    const [silent, loud] = [new Echo('a', { replyCount: 0 }), new Echo('b')]
    enqueue(silent)
    expect(writer.send(queue)).toBe(0)
    expect([silent.state, ledger.length, writer.silentBytes]).toEqual(['settled', 0, bytesOf('a')])
    enqueue(loud)
    writer.send(queue)
    expect([loud.frameBytes, writer.silentBytes]).toEqual([bytesOf('a') + bytesOf('b'), 0])
  })

  it('that the transport refuses leaves no reply to wait for', () => {
    const { writer, queue, enqueue } = start('refused')
    enqueue(new Echo('a', { replyCount: 0 }))
    writer.send(queue)
    expect(writer.wasRefused).toBe(false)
  })
})

describe('a request that is sent alone', () => {
  it('waits until no reply is pending, and so do those behind it', () => {
    const { writer, ledger, queue, enqueue, writes } = start()
    const [before, alone, after] = [new Echo('a'), new Echo('b', { isSentAlone: true }), new Echo('c')]
    enqueue(before, alone, after)
    expect(writer.send(queue)).toBe(1)
    expect([...queue]).toEqual([alone, after])
    ledger.shift()
    expect(writer.send(queue)).toBe(1)
    expect([writer.lone, writer.isWritable, [...queue]]).toEqual([alone, false, [after]])
    writer.lone = undefined
    ledger.shift()
    expect(writer.send(queue)).toBe(1)
    expect(writes).toHaveLength(3)
  })
})

describe('the PING of a connection', () => {
  it('has a slot of its own among the pending replies', () => {
    const { writer, ledger, writes } = start()
    expect(writer.ping()).toBe(true)
    expect([...ledger]).toEqual([pingSlot])
    expect(writes).toEqual(['*1\r\n$4\r\nPING\r\n'])
  })

  it('leaves none if the transport refuses it', () => {
    const { writer, ledger } = start('refused')
    expect(writer.ping()).toBe(false)
    expect(ledger.length).toBe(0)
  })
})
