import { AsyncLocalStorage } from 'node:async_hooks'
import { afterEach, describe, expect, it } from 'vitest'
import { rejectWithCallers, resolveInOrder } from '../../../src/connection/request/async-callers.js'

/** A promise, and the functions that settle it. */
function pending(): { promise: Promise<unknown>; succeed: (value: unknown) => void; fail: (error: Error) => void } {
  let settlers: [(value: unknown) => void, (error: unknown) => void] | undefined
  const promise = new Promise((...given) => {
    settlers = given
  })
  const [resolve, reject] = settlers ?? []
  if (resolve === undefined || reject === undefined) throw new Error('a promise gives its functions at once')
  return {
    promise,
    succeed: (value) => resolveInOrder(resolve, value),
    fail: (error) => rejectWithCallers(resolve, reject, error),
  }
}

async function awaiting(promise: Promise<unknown>): Promise<unknown> {
  return await promise
}
const stackOf = (promise: Promise<unknown>): Promise<string> => promise.then(String, (error) => String(error.stack))

const limit = Error.stackTraceLimit
afterEach(() => {
  Error.stackTraceLimit = limit
})

describe('the stack of a rejection', () => {
  it('names the async function that awaits, behind the message', async () => {
    const { promise, fail } = pending()
    const stack = stackOf(awaiting(promise))
    fail(new TypeError('no'))
    const [first, ...frames] = (await stack).split('\n')
    expect(first).toBe('TypeError: no')
    expect(frames.filter((frame) => !frame.includes('node:internal'))[0]).toMatch(/awaiting .*async-callers\.test\.ts/)
  })

  it('names who awaits a promise that an async function has returned, also if it is rejected at the call', async () => {
    const stack = stackOf(
      awaiting(
        (async () => {
          const { promise, fail } = pending()
          fail(new Error('no'))
          return promise
        })(),
      ),
    )
    expect(await stack).toMatch(/awaiting /)
  })

  it('is the message alone with a limit of 0', async () => {
    Error.stackTraceLimit = 0
    const { promise, fail } = pending()
    const stack = stackOf(awaiting(promise))
    fail(new Error('no'))
    expect(await stack).toBe('Error: no')
  })

  it('stays as it was of an error that can not be changed', async () => {
    const { promise, fail } = pending()
    const stack = stackOf(awaiting(promise))
    const error = Object.freeze(new Error('no'))
    const before = error.stack
    fail(error)
    expect(await stack).toBe(before)
  })
})

it.each([10, 0])(
  'promises settle in the order in which they were told, with a stack limit of %i',
  async (stackLimit) => {
    Error.stackTraceLimit = stackLimit
    const all = Array.from({ length: 6 }, pending)
    const order: number[] = []
    for (const [index, { promise }] of all.entries()) {
      promise.then(
        () => order.push(index),
        () => order.push(index),
      )
    }
    for (const [index, { succeed, fail }] of all.entries()) {
      if (index === 1 || index === 3) fail(new Error('no'))
      else succeed(index)
    }
    // One that settles while the earlier ones wait, from another reaction.
    await null
    const late = pending()
    late.promise.then(() => order.push(6))
    late.succeed(6)
    await stackOf(late.promise)
    expect(order).toEqual([0, 1, 2, 3, 4, 5, 6])
  },
)

it('a promise resolves at once when no rejection waits', async () => {
  const { promise, fail } = pending()
  fail(new Error('no'))
  await stackOf(promise)
  const next = pending()
  next.succeed('value')
  // Two reactions later it would still wait, had it waited for a reaction.
  expect(await Promise.race([next.promise, Promise.resolve('pending')])).toBe('value')
})

it('reactions keep the stores of their callers, not those of whoever settles', async () => {
  const stores = new AsyncLocalStorage<string>()
  const { promise, fail } = pending()
  const seen = stores.run('caller', () => promise.catch(() => stores.getStore()))
  stores.run('reply', () => fail(new Error('no')))
  expect(await seen).toBe('caller')
})
