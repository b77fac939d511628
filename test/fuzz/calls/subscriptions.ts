import type { Gap, Subscription } from '../../../src/index.js'
import { invoke } from '../invoke.js'
import { describe } from '../judge-error.js'
import { fakeSignal, realSignal } from '../signals.js'
import { anyUnsendable } from '../values.js'
import type { CallMaker } from '../world.js'
import { anyArgument } from './anything.js'

/**
 * A subscription must receive the message that is published, and no other. It may miss it only in a gap that it reports. Where
 * no connection is broken, only two things may cause one: silence of a busy machine that is longer than `stallTimeout`, and
 * `reauthenticate()` with RESP2. Where connections break, PUBLISH may be sent again.
 */
export const messages: CallMaker = ({ client, giveUp, isRough }, chance, token) => {
  const channel = `channel:${token}`
  const got: string[] = []
  const gaps: Gap[] = []
  const isRead = chance.happens(0.5)
  return {
    title: `subscribe('${channel}'), publish, ${isRead ? 'for await' : 'onMessage'}, close()`,
    mayWait: isRough,
    start: async () => {
      let arrived = (): void => {}
      const arrival = new Promise<void>((resolve) => {
        arrived = resolve
      })
      const onMessage = (message: { channel: string; message: string }): void => {
        got.push(`${message.channel} ${message.message}`)
        arrived()
      }
      const onGap = (gap: Gap): void => {
        gaps.push(gap)
        arrived()
        if (isRead) subscription.close()
      }
      const subscription = client.subscribe(channel, { signal: giveUp, onGap, ...(isRead ? {} : { onMessage }) })
      try {
        await subscription.ready
        await client.publish(channel, token)
        if (isRead) got.push(...(await firstOf(subscription)))
        else if (!isRough) await arrival
      } finally {
        subscription.close()
      }
      return token
    },
    judge: (outcome) => {
      const isRight = got.every((each) => each === `${channel} ${token}`)
      if (!isRight || (got.length > 1 && !isRough)) return `got ${got.join(', ')}`
      if (isRough || outcome.kind !== 'resolved') return undefined
      if (gaps.length === 0) return got.length === 1 ? undefined : 'got nothing, and no gap was reported'
      const other = gaps.find(({ reason }) => !isExpected.test(reason.message))
      return other && `a gap: ${describe(other.reason)}`
    },
  }
}

const isExpected = /\bno data for \d+ ms\b|^the credentials expire$/

async function firstOf(subscription: Subscription): Promise<string[]> {
  for await (const { channel, message } of subscription) return [`${channel} ${message}`]
  return []
}

/** Subscriptions with wrong channels and options. */
export const misusedSubscription: CallMaker = ({ client, giveUp, signals }, chance, token) => {
  const signal = chance.happens(0.3) ? realSignal(chance) : fakeSignal(chance)
  if (signal.signal !== undefined) signals.push(signal.signal)
  const { title, given } = anyUnsendable(chance, token)
  const name = chance.pick(['onMessage', 'onGap', 'onError', 'buffers', 'maxBuffered', 'overflow', 'signal', 'else'])
  const channels = chance.pick([`channel:${token}`, anyArgument(chance, token).given])
  const options = chance.pick<unknown>([
    { signal: signal.given },
    { signal: signal.given },
    { [name]: given },
    given,
    null,
  ])
  return {
    title: `subscribe(${chance.happens(0.5) ? 'channel' : 'anything'}, ${signal.title} or ${name}: ${title}), close()`,
    mayThrow: 'wrong options',
    start: async () => {
      const subscription = invoke(client, 'subscribe', channels, options) as Subscription
      giveUp.addEventListener('abort', () => subscription.close(), { once: true })
      signal.afterCall?.()
      await subscription.ready.catch(() => {})
      subscription.close()
    },
  }
}

/** Calls `next`, `return` and `throw` of iterators in any order, without waiting, and after the end. */
export const misusedIterator: CallMaker = ({ client }, chance, token) => {
  const subscription = (): AsyncIterator<unknown> =>
    client.subscribe(`channel:${token}`, { maxBuffered: 1, overflow: 'end' })[Symbol.asyncIterator]()
  const [name, make] = chance.pick<readonly [string, () => AsyncIterator<unknown>]>([
    ['scanIterator', () => client.scanIterator({ count: 3 })],
    ['hscanIterator', () => client.hscanIterator('some:1')],
    ['zscanIterator', () => client.zscanIterator('some:2')],
    ['subscription', subscription],
  ])
  const acts = Array.from({ length: chance.between(1, 6) }, () =>
    chance.pick(['next', 'next', 'return', 'throw'] as const),
  )
  return {
    title: `${name}: ${acts.join(', ')}, return`,
    start: async () => {
      const iterator = make()
      const all = [...acts, 'return' as const].map((act) => {
        if (act === 'throw') return iterator.throw?.(new Error('given up')).catch(() => {})
        return iterator[act]?.().catch(() => {})
      })
      await Promise.all(all)
    },
  }
}

/** Scan iterators with wrong keys and options. */
export const misusedScan: CallMaker = ({ client }, chance, token) => {
  const name = chance.pick(['scanIterator', 'hscanIterator', 'sscanIterator', 'zscanIterator'])
  const first = anyArgument(chance, token)
  const second = anyArgument(chance, token)
  return {
    title: `${name}(${first.title}, ${second.title})`,
    start: async () => {
      const iterator = invoke(client, name, first.given, second.given) as AsyncGenerator<unknown>
      for (let i = 0; i < 20 && (await iterator.next()).done !== true; i += 1);
      await iterator.return(undefined)
    },
  }
}
