import { describe, expect, it } from 'vitest'
import { ReconnectPolicy } from '../../../src/connection/supervisor/reconnect.js'
import { FakeClock } from '../../support/fake-clock.js'

const failure = new Error('refused')

/** A policy whose random number always gives nearly the longest delay. */
function policyWith(connectDeadline: number) {
  const clock = Object.assign(new FakeClock(), { random: () => 0.999 })
  const policy = new ReconnectPolicy(
    { connectDeadline, reconnect: { baseDelay: 1_000, maxDelay: 2_000, maxAttempts: Infinity } },
    clock,
  )
  policy.begin()
  return { clock, policy }
}

describe('the first connect', () => {
  it('has delays between its attempts until the deadline', () => {
    const { policy } = policyWith(10_000)
    expect(policy.nextDelay('connecting', failure)).toBeCloseTo(999)
    expect(policy.nextDelay('connecting', failure)).toBeCloseTo(1_998)
    expect(policy.nextDelay('connecting', failure)).toBeCloseTo(1_998)
  })

  it('makes one last attempt shortly before its deadline if the next delay would exceed it', async () => {
    const { clock, policy } = policyWith(3_000)
    await clock.advance(2_100)
    expect(policy.nextDelay('connecting', failure)).toBeCloseTo(650)
    await clock.advance(650)
    expect(policy.nextDelay('connecting', failure)).toBeUndefined()
  })

  it('begins no attempt that the deadline would cut short, so the reason reported is that of a whole attempt', async () => {
    const { clock, policy } = policyWith(3_000)
    await clock.advance(1_760)
    expect(policy.nextDelay('connecting', failure)).toBeCloseTo(990)
    await clock.advance(990)
    expect(policy.boundAttempt(3_000, 'connecting')).toBeCloseTo(250)
  })

  it('keeps a quarter of a short deadline for the last attempt', async () => {
    const { clock, policy } = policyWith(200)
    expect(policy.nextDelay('connecting', failure)).toBeCloseTo(150)
    await clock.advance(150)
    expect(policy.nextDelay('connecting', failure)).toBeUndefined()
  })
})

describe('after a loss', () => {
  it('the delays start again once a connection was useful', () => {
    const { policy } = policyWith(1_000)
    policy.nextDelay('reconnecting', failure)
    expect(policy.nextDelay('reconnecting', failure)).toBeCloseTo(1_998)
    policy.reset()
    expect(policy.nextDelay('reconnecting', failure)).toBeCloseTo(999)
  })
})

describe('a reconnect function', () => {
  const asked = (answer: unknown): number | undefined =>
    new ReconnectPolicy({ connectDeadline: 1_000, reconnect: () => answer as number }, new FakeClock()).nextDelay(
      'reconnecting',
      failure,
    )

  it.each([Infinity, 2 ** 31, Number.MAX_VALUE])('waits as long as a timer can if it returns %d', (answer) => {
    expect(asked(answer)).toBe(2 ** 31 - 1)
  })

  it('ends the attempts if it returns false', () => {
    expect(asked(false)).toBeUndefined()
  })

  it.each([
    [NaN, 'NaN'],
    [-1, '-1'],
    [null, 'null'],
    [true, 'true'],
    ['5', '5'],
    [Promise.resolve(5), '[object Promise]'],
    [undefined, 'undefined'],
  ])('fails with an error that says so if it returns something else: %o', (answer, shown) => {
    expect(() => asked(answer)).toThrow(new TypeError(`reconnect returned ${shown}, not milliseconds or false`))
  })
})
