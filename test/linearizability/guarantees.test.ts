import { describe, expect, it } from 'vitest'
import { questionsOf, readFindings, settings, textOf, violatedBy } from './findings.js'
import { readSection, sectionOf } from './guarantees.js'
import { repeats } from './setting.js'

/** So many schedules of each setting; `npm run guarantees` runs more. */
const schedules = 6

const findings = await readFindings()

describe('docs/guarantees.md', () => {
  it('has the tables and histories that the findings give', async () => {
    expect(await readSection()).toBe(await sectionOf(findings))
  })

  it.each(repeats)('is right about %s', async (repeat) => {
    for (const setting of settings.filter((each) => each.repeat === repeat)) {
      const violated = new Set<string>()
      for (let schedule = 0; schedule < schedules; schedule += 1) {
        for (const question of await violatedBy(schedule, setting)) violated.add(textOf(question))
      }
      // What holds there holds here, too.
      for (const question of violated) expect(findings.violations).toHaveProperty([question])
    }
  })

  it('is right about what does not hold', async () => {
    for (const setting of settings) {
      for (const text of questionsOf(setting).map(textOf)) {
        const schedule = findings.violations[text]
        if (schedule === undefined) continue
        expect((await violatedBy(schedule, setting)).map(textOf)).toContain(text)
      }
    }
  })
})
