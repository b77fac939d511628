import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { until } from '../support/until.js'
import { startUserServer } from '../support/user-server.js'

const { server, admin, folder } = await startUserServer()

const hasKeys = async (): Promise<boolean> => (await admin.call('DBSIZE')) !== 0
const isAlone = async (): Promise<boolean> =>
  (await admin.call<string>('CLIENT', 'LIST')).trim().split('\n').length === 1

describe("a server of the user's own keeps no key of", () => {
  it.each([
    ['the demo', () => ['demo/demo.ts', server.url]],
    [
      'the lab',
      () => [
        'lab/main.ts',
        '--url',
        server.url,
        '--client',
        'respite',
        '--only',
        'stall',
        '--out',
        join(folder, 'lab'),
      ],
    ],
  ])('%s, if it is interrupted', async (_, program) => {
    const child = spawn(process.execPath, ['--import', 'tsx', ...program()], { stdio: 'ignore' })
    const exited = once(child, 'exit')
    await until(hasKeys)
    child.kill('SIGINT')
    const [code, signal] = await exited
    expect(code ?? signal).toSatisfy((end) => end === 130 || end === 'SIGINT')
    // The lab has processes of its own, which end a moment later.
    await until(isAlone)
    expect(await admin.call('KEYS', '*')).toEqual([])
  })
})
