import { expect, it } from 'vitest'
import { find, readFindings } from './findings.js'

const schedules = 200

it(`docs/guarantees.md says what ${schedules} schedules of each setting show`, async () => {
  const { violations } = await readFindings()
  const early = Object.entries(violations).filter(([, schedule]) => schedule < schedules)
  expect((await find(schedules)).violations).toEqual(Object.fromEntries(early))
}, 300_000)
