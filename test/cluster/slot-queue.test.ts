import { expect, it } from 'vitest'
import { SlotQueue } from '../../src/cluster/slot-queue.js'
import { TestRequest } from '../support/test-request.js'

const called = (calledAt: number): TestRequest => {
  const request = new TestRequest()
  request.calledAt = calledAt
  return request
}

it('Requests that come back take the places that their calls give them', () => {
  const queue = new SlotQueue({ count: 0, bytes: 0 })
  const requests = [called(1), called(2), called(3), called(3.5)]
  const [first, second, third, fourth] = requests as [TestRequest, TestRequest, TestRequest, TestRequest]
  for (const request of [third, fourth, first, second]) queue.insert(request)
  expect([...queue]).toEqual(requests)
  expect(queue.takeAll()).toEqual(requests)
  expect(queue.takeAll()).toEqual([])
  expect(first.queue).toBeNull()
})

it('A request that was given up is not given out', () => {
  const queue = new SlotQueue({ count: 0, bytes: 0 })
  const [one, other] = [called(1), called(2)]
  queue.insert(one)
  queue.insert(other)
  one.state = 'settled'
  queue.withdrawn(one)
  expect(queue.takeAll()).toEqual([other])
})
