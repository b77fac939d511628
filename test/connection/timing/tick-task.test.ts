import { expect, it } from 'vitest'
import { TickTask } from '../../../src/connection/timing/tick-task.js'
import { FakeClock, settle } from '../../support/fake-clock.js'

it('runs once at the end of each tick in which it was scheduled', async () => {
  let runs = 0
  const task = new TickTask(new FakeClock(), () => {
    runs += 1
  })
  task.schedule()
  task.schedule()
  expect(runs).toBe(0)
  await settle()
  expect(runs).toBe(1)
  task.schedule()
  await settle()
  expect(runs).toBe(2)
})

it('can be scheduled again by the task itself', async () => {
  let runs = 0
  const task = new TickTask(new FakeClock(), () => {
    runs += 1
    if (runs < 3) task.schedule()
  })
  task.schedule()
  await settle()
  expect(runs).toBe(3)
})
