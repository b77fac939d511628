import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isTrue, type Observation, type Said } from '../../demo/observation.js'
import { BuiltInServer } from '../../lab/server/server.js'
import { ConnectionLostError, type Fate, ReplyError } from '../../src/index.js'
import { runProgram } from '../support/run-program.js'

const lost = (fate: Fate, attempts = 1): Said => ({
  settled: 'error',
  error: new ConnectionLostError('lost', { fate, attempts, command: 'INCR' }),
})
const refused: Said = { settled: 'error', error: new ReplyError('WRONGTYPE no', { attempts: 1, command: 'INCR' }) }
const value: Said = { settled: 'value', value: 1 }

const observation = (said: Said, sent: number, ran: number): Observation => ({
  when: '',
  command: 'INCR',
  said,
  sent,
  ran,
  mayRun: 1,
})

describe('the demo compares what the client said with what happened', () => {
  it.each([
    ['a value, and it ran', observation(value, 1, 1)],
    ['unknown, and it ran', observation(lost('unknown'), 1, 1)],
    ['unknown, and it did not run', observation(lost('unknown'), 1, 0)],
    ['executed, and it ran', observation(lost('executed'), 1, 1)],
    ['not-executed, and it did not run', observation(lost('not-executed', 0), 0, 0)],
    ['refused, and nothing changed', observation(refused, 1, 0)],
  ])('%s: true', (_, observed) => {
    expect(isTrue(observed)).toBe(true)
  })

  it.each([
    ['a value, and it did not run', observation(value, 1, 0)],
    ['a value, and it ran twice', observation(value, 2, 2)],
    ['unknown, and it ran twice', observation(lost('unknown', 2), 2, 2)],
    ['unknown, and it was never sent', observation(lost('unknown', 0), 0, 0)],
    ['executed, and it did not run', observation(lost('executed'), 1, 0)],
    ['not-executed, and it ran', observation(lost('not-executed'), 1, 1)],
    ['refused, and something changed', observation(refused, 1, 1)],
    ['one attempt, and it was sent twice', observation(lost('unknown', 1), 2, 1)],
  ])('%s: not true', (_, observed) => {
    expect(isTrue(observed)).toBe(false)
  })
})

describe('npm run demo', () => {
  let server: BuiltInServer
  beforeEach(async () => {
    server = await BuiltInServer.start({ password: 'secret' })
  })
  afterEach(() => server.stop())

  const run = (url: string): ReturnType<typeof runProgram> => runProgram('demo/demo.ts', url)

  it('shows every fate, exits with 0, and leaves nothing on the server', async () => {
    const { code, output } = await run(`redis://:secret@127.0.0.1:${server.port}/1`)
    expect(output).toContain('Every fate was true.')
    for (const fate of ['unknown', 'executed', 'not-executed', 'refused']) {
      expect(output).toMatch(new RegExp(`[A-Z_]+ {2,}${fate} .* true\\n`))
    }
    expect(output).not.toContain('secret')
    expect(code).toBe(0)
    expect(server.model.store.execute(['DBSIZE'], 1)).toMatchObject({ value: 0 })
    await server.disconnected()
  })

  it('says in one line if there is no server', async () => {
    const { port } = server
    await server.stop()
    const { code, output } = await run(`redis://127.0.0.1:${port}`)
    expect(code).toBe(2)
    expect(output).toMatch(/^demo: .*ECONNREFUSED.*$/m)
    expect(output).not.toContain('    at ')
  })
})
