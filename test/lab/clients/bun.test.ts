import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { findBun, makeBun } from '../../../lab/clients/bun.js'
import { perform } from '../../../lab/perform.js'
import type { Performance } from '../../../lab/recording/trace.js'
import { scenarios } from '../../../lab/scenarios/all.js'
import type { Scenario } from '../../../lab/scenarios/scenario.js'
import { BuiltInServer } from '../../../lab/server/server.js'
import { judgePerformance } from '../../../lab/verdict.js'

describe("Bun's client in the lab", () => {
  it('says where Bun is looked for, if there is none', () => {
    vi.stubEnv('BUN', '').stubEnv('PATH', '')
    expect(() => makeBun(1, {}, { onStatus: () => {} })).toThrow('the variable BUN')
    vi.unstubAllEnvs()
  })
})

describe.skipIf(findBun() === undefined)('on Bun', () => {
  let server: BuiltInServer
  beforeAll(async () => {
    server = await BuiltInServer.start()
  })
  afterAll(() => server.stop())

  const run = (id: string): Promise<Performance> => {
    const scenario = scenarios.find((each) => each.id === id) as Scenario
    return perform(scenario, 'bun', makeBun, { host: '127.0.0.1', port: server.port })
  }

  it('has its commands, its status and its channels recorded', async () => {
    const slow = await run('slow')
    expect(judgePerformance(slow)).toMatchObject({ isGood: true })
    expect(slow.statuses.map(({ text }) => text)).toContain('connect')
    const subscribed = await run('C')
    expect(subscribed.findings.slice(0, 2)).toEqual([
      { text: 'it is subscribed', isGood: true },
      { text: 'it received what was published before', isGood: true },
    ])
  })

  it('is told of the reset, without a word about the commands', async () => {
    const { commands } = await run('reset-between')
    expect(commands.find(({ key }) => key.endsWith(':count'))).toMatchObject({ ran: 1, said: { settled: 'error' } })
  })
})
