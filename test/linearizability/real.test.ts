import { describe, expect, it } from 'vitest'
import { nameOf, sampleOfPrograms } from '../support/server.js'
import { checkOnServer } from './real.js'
import { fences, type Setting } from './setting.js'

const [, fenced, required, , requiredInVain] = fences
const several: readonly Setting[] = [
  { repeat: 'idempotent', clients: 1, ...fenced },
  { repeat: 'always', clients: 1, ...required },
  { repeat: 'always', clients: 1, ...requiredInVain },
  { repeat: 'convergent', clients: 3, ...fenced },
  { repeat: 'once', clients: 3, fence: 'off', isFenceable: true },
]

// All settings, and more of each: real.full.test.ts.
describe.each(sampleOfPrograms().map((program) => ({ name: nameOf(program), program })))('on $name', ({ program }) => {
  it('histories are as docs/guarantees.md says', async () => {
    const { violations, operations } = await checkOnServer(program, [], several, 1)
    expect(violations).toEqual([])
    expect(operations).toBeGreaterThan(100)
  })
})
