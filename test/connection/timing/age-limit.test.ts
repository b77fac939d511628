import { describe, expect, it } from 'vitest'
import { AgeLimit } from '../../../src/connection/timing/age-limit.js'
import { FakeClock } from '../../support/fake-clock.js'

function limited(): {
  clock: FakeClock
  enter: (name: string) => void
  left: string[]
  limit: AgeLimit<string>
} {
  const clock = new FakeClock()
  const since = new Map<string, number>()
  const left: string[] = []
  const limit = new AgeLimit(clock, 100, since, (over) => {
    for (const entry of over) {
      left.push(`${entry} after ${clock.now() - (since.get(entry) as number)}`)
      since.delete(entry)
    }
  })
  const enter = (name: string): void => {
    since.set(name, clock.now())
    limit.watch()
  }
  return { clock, enter, left, limit }
}

describe('the age limit', () => {
  it('removes each item when its time is over', async () => {
    const { clock, enter, left } = limited()
    enter('first')
    await clock.advance(60)
    enter('second')
    await clock.advance(39)
    expect(left).toEqual([])
    await clock.advance(1)
    expect(left).toEqual(['first after 100'])
    await clock.advance(60)
    expect(left).toEqual(['first after 100', 'second after 100'])
  })

  it('is not delayed by newer items', async () => {
    const { clock, enter, left } = limited()
    enter('old')
    for (let i = 1; i <= 9; i += 1) {
      await clock.advance(10)
      enter(`new ${i}`)
    }
    await clock.advance(10)
    expect(left).toEqual(['old after 100'])
  })

  it('has one timer at a time, and none if it is stopped or empty', async () => {
    const { clock, enter, left, limit } = limited()
    enter('a')
    enter('b')
    expect(clock.pending).toBe(1)
    await clock.advance(100)
    expect(left).toHaveLength(2)
    expect(clock.pending).toBe(0)
    enter('c')
    limit.stop()
    expect(clock.pending).toBe(0)
  })
})
