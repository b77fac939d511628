import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Contender } from '../../bench/contender.js'
import { findBinary } from '../../scripts/find-server.js'

const folder = mkdtempSync(join(tmpdir(), 'respite-contender-'))
const script = join(folder, 'child.mjs')

beforeAll(() => {
  const target = pathToFileURL('bench/target.ts').href
  writeFileSync(
    script,
    `import { register } from '${import.meta.resolve('tsx/esm/api')}'
register()
const { givenTarget } = await import('${target}')
process.send({ result: { runtime: JSON.stringify([process.argv, givenTarget()]) } })
process.once('message', () => process.disconnect())\n`,
  )
})
afterAll(() => rmSync(folder, { recursive: true }))

it.each(findBinary('taskset') === undefined ? [false] : [false, true])(
  'the process of a contender is told the password of its server, but not where everybody can read it (on all cores: %s)',
  async (allCores) => {
    const target = { host: '127.0.0.1', port: 6379, username: 'user', password: 'secret', tls: false }
    const started = await Contender.start(script, { name: 'respite', allCores }, target)
    await started?.contender.close()
    const [args, given] = JSON.parse(started?.runtime ?? '') as [string[], unknown]
    expect(given).toEqual(target)
    expect(args.join(' ')).not.toContain('secret')
  },
)
