import { describe, expect, it } from 'vitest'
import { findIn, questionsOf, readFindings, settings, textOf } from './findings.js'

const schedules = 200

describe(`docs/guarantees.md says what ${schedules} schedules show`, async () => {
  const { violations } = await readFindings()

  it.each(settings.map((setting) => ({ ...setting, setting })))(
    'of $repeat, fence $fence, may kill: $isFenceable, clients: $clients',
    async ({ setting }) => {
      const asked = new Set(questionsOf(setting).map(textOf))
      const early = Object.entries(violations).filter(([text, schedule]) => asked.has(text) && schedule < schedules)
      expect((await findIn(setting, schedules)).violations).toEqual(Object.fromEntries(early))
    },
  )

  it('of no other setting', () => {
    const asked = new Set(settings.flatMap(questionsOf).map(textOf))
    expect(Object.keys(violations).filter((text) => !asked.has(text))).toEqual([])
  })
})
