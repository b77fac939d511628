import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { SlotQueue } from '../../src/cluster/slot-queue.js'
import { settle } from '../support/fake-clock.js'
import { TestRequest } from '../support/test-request.js'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const called = (calledAt: number): TestRequest => {
  const request = new TestRequest()
  request.calledAt = calledAt
  return request
}

it('Requests that come back take the places that their calls give them', () => {
  const queue = new SlotQueue({ add: () => {} })
  const requests = [called(1), called(2), called(3), called(3.5)]
  const [first, second, third, fourth] = requests as [TestRequest, TestRequest, TestRequest, TestRequest]
  for (const request of [third, fourth, first, second]) queue.insert(request)
  expect(queue.takeAll()).toEqual(requests)
  expect(queue.takeAll()).toEqual([])
  expect(first.queue).toBeNull()
})

it('A request that was given up is not given out', () => {
  const queue = new SlotQueue({ add: () => {} })
  const [one, other] = [called(1), called(2)]
  queue.insert(one)
  queue.insert(other)
  one.state = 'settled'
  queue.withdrawn(one)
  expect(queue.takeAll()).toEqual([other])
})

it('Requests that were given up are not kept, however long the slot is in trouble', async () => {
  const queue = new SlotQueue({ add: () => {} })
  const given = Array.from({ length: 20 }, (_, index) => {
    const request = called(index)
    queue.insert(request)
    queue.withdrawn(request)
    return new WeakRef(request)
  })
  // What a WeakRef was asked for stays until the next turn of the event loop.
  await settle()
  await settle()
  collectGarbage()
  expect(given.filter((request) => request.deref() !== undefined).length).toBeLessThan(2)
  expect([...queue]).toEqual([])
})

it('Requests that come back before others are put in order without being compared with each of them', () => {
  const queue = new SlotQueue({ add: () => {} })
  let looks = 0
  const counted = (calledAt: number): TestRequest =>
    Object.defineProperty(new TestRequest(), 'calledAt', {
      get: () => {
        looks += 1
        return calledAt
      },
    })
  const requests = Array.from({ length: 2_000 }, (_, index) => counted(index))
  for (const request of [...requests.slice(1_000), ...requests.slice(0, 1_000)]) queue.insert(request)
  expect(queue.takeAll()).toEqual(requests)
  expect(looks).toBeLessThan(100_000)
})
