import { describe, expectTypeOf, it } from 'vitest'
import {
  type Client,
  createClient,
  type IntegerTooLargeError,
  type Message,
  type Session,
  type Subscription,
  script,
} from '../src/index.js'

/** In a transaction, a counter beyond 2^53 is an error among the other results. */
type Counter = number | IntegerTooLargeError

/** Tests of types: only the type checker checks these. */
const check = (_: (client: Client, session: Session) => unknown): void => {}

describe('types', () => {
  it('of results match the commands of a transaction', () => {
    check((client) => {
      const results = client.multi().incr('a').get('b').call<Buffer>('DUMP', 'c').exec()
      expectTypeOf(results).resolves.toEqualTypeOf<[Counter, string | null, Buffer]>()
      const times = client.multi().ttl('a').httl('b', 'FIELDS', 1, 'c').exec()
      expectTypeOf(times).resolves.toEqualTypeOf<[Counter, number[] | IntegerTooLargeError]>()
      const buffers = client.with({ buffers: true }).multi().get('a').exec()
      expectTypeOf(buffers).resolves.toEqualTypeOf<[Buffer | null]>()
    })
  })

  it('of a transaction include null only where keys can be watched', () => {
    check((client, session) => {
      expectTypeOf(session.multi().incr('a').exec()).resolves.toEqualTypeOf<[Counter] | null>()
      expectTypeOf(session.with({ timeout: 1 }).multi().incr('a').exec()).resolves.toEqualTypeOf<[Counter] | null>()
      const locked = client.transaction('a', (own) => own.multi().incr('a').get('b'))
      expectTypeOf(locked).resolves.toEqualTypeOf<[Counter, string | null] | null>()
    })
  })

  it('of scripts are declared by their author', () => {
    check((client) => {
      const count = script<number>('return 1')
      expectTypeOf(client.run(count, ['a'], [1])).resolves.toEqualTypeOf<number>()
      expectTypeOf(client.multi().run(count, ['a']).exec()).resolves.toEqualTypeOf<[number]>()
    })
  })

  it('of sessions are what their function returns', () => {
    check((client) => {
      expectTypeOf(client.session((session) => session.get('a'))).resolves.toEqualTypeOf<string | null>()
      expectTypeOf(client.session(() => 7)).resolves.toEqualTypeOf<number>()
    })
  })

  it('of blocking commands and scans', () => {
    check((client) => {
      expectTypeOf(client.blpop('a', 1)).resolves.toEqualTypeOf<[key: string, element: string] | null>()
      expectTypeOf(client.bzpopmin('a', 1)).resolves.toEqualTypeOf<
        [key: string, member: string, score: number] | null
      >()
      expectTypeOf(client.scanIterator()).toEqualTypeOf<AsyncGenerator<string>>()
      expectTypeOf(client.with({ buffers: true }).sscanIterator('a')).toEqualTypeOf<AsyncGenerator<Buffer>>()
    })
  })

  it('of messages match the option buffers', () => {
    check((client) => {
      expectTypeOf(client.subscribe('a')).toEqualTypeOf<Subscription<string>>()
      expectTypeOf(client.subscribe('a', { buffers: true })).toEqualTypeOf<Subscription<Buffer>>()
      expectTypeOf(createClient({ buffers: true }).subscribe('a')).toEqualTypeOf<Subscription<Buffer>>()
      client.subscribe('a', { onMessage: (message) => expectTypeOf(message).toEqualTypeOf<Message<string>>() })
    })
  })
})
