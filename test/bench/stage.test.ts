import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { beforeEach, describe, expect, it } from 'vitest'
import { onStage } from '../../bench/stage.js'
import { startUserServer } from '../support/user-server.js'

const { server, admin, folder } = await startUserServer()
beforeEach(() => admin.call('FLUSHALL'))

describe("the benchmarks' keys on a server of the user", () => {
  const target = () => ({ host: '127.0.0.1', port: server.port, tls: false })

  it('are deleted afterwards', async () => {
    await onStage(target(), async () => expect(await admin.call('DBSIZE')).toBeGreaterThan(100))
    expect(await admin.call('DBSIZE')).toBe(0)
  })

  it('do not hide an error where they cannot be deleted, nor keep the process alive', async () => {
    await admin.call('ACL', 'SETUSER', 'keeper', 'on', '>secret', '~*', '&*', '+@all')
    const keeper = { ...target(), username: 'keeper', password: 'secret' }
    const forbid = () => admin.call('ACL', 'SETUSER', 'keeper', '-del')
    const failing = onStage(keeper, async () => {
      await forbid()
      throw new Error('the true reason')
    })
    await expect(failing).rejects.toThrow('the true reason')
    await admin.call('FLUSHALL')
    await admin.call('ACL', 'SETUSER', 'keeper', '+del')
    await expect(onStage(keeper, forbid)).rejects.toThrow(/keys that begin with .* can't be deleted: .*NOPERM/)
    await expect.poll(() => admin.call('CLIENT', 'LIST')).not.toContain('user=keeper')
  })

  it('are deleted if a signal comes while they are prepared', async () => {
    const file = join(folder, 'interrupted.mts')
    const from = (path: string): string => pathToFileURL(path).href
    writeFileSync(
      file,
      `import { onStage } from '${from('bench/stage.ts')}'
import { createClient } from '${from('dist/index.js')}'
const admin = createClient('${server.url}')
await admin.connect()
onStage(${JSON.stringify(target())}, () => new Promise(() => {})).catch(() => {})
while (await admin.call('DBSIZE') === 0);
process.kill(process.pid, 'SIGINT')\n`,
    )
    const child = spawn(process.execPath, ['--import', 'tsx', file], { stdio: 'ignore' })
    expect((await once(child, 'exit'))[0]).toBe(130)
    expect(await admin.call('KEYS', '*')).toEqual([])
  })
})
