import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const forbidden = [
  ['src/protocol', '../errors.js'],
  ['src/protocol', '../connection/shared/shared-connection.js'],
  ['src/protocol', 'node:net'],
  ['src/protocol', 'ioredis'],
  ['src/connection/wire', '../../commands/table.js'],
  ['src/connection/wire', '../../client.js'],
  ['src/connection/wire', 'ioredis'],
  ['src/commands', '../connection/shared/shared-connection.js'],
  ['src/commands', '../client.js'],
  ['src/commands', 'node:net'],
  ['src', 'ioredis'],
] as const

const allowed = [
  ['src/protocol', './types.js'],
  ['src/protocol', 'node:buffer'],
  ['src/connection/wire', '../../protocol/types.js'],
  ['src/connection/wire', '../../errors.js'],
  ['src/connection/transport', 'node:net'],
  ['src/commands', '../protocol/types.js'],
  ['src', './connection/shared/shared-connection.js'],
  ['src', 'node:events'],
] as const

const fileName = (index: number, kind: string): string => `${kind}-${index}.ts`

describe('the layers of ARCHITECTURE.md are enforced by lint', () => {
  const folder = mkdtempSync(join(tmpdir(), 'respite-layers-'))
  let output = ''

  beforeAll(() => {
    copyFileSync('biome.json', join(folder, 'biome.json'))
    const write = (layer: string, imported: string, name: string): void => {
      const path = join(folder, layer, name)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, `import { it } from '${imported}'\n\nexport const use = it\n`)
    }
    forbidden.forEach(([layer, imported], index) => {
      write(layer, imported, fileName(index, 'forbidden'))
    })
    allowed.forEach(([layer, imported], index) => {
      write(layer, imported, fileName(index, 'allowed'))
    })
    const biome = resolve('node_modules/@biomejs/biome/bin/biome')
    const args = [biome, 'lint', '--vcs-enabled=false', '--max-diagnostics=none', '.']
    const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })
    output = stdout + stderr
  })

  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const complaint = (layer: string, name: string): RegExp =>
    new RegExp(`${layer}/${name.replace('.', '\\.')}:\\d+:\\d+ lint/style/noRestrictedImports`)

  it.each(forbidden.map(([layer, imported], index) => ({ layer, imported, index })))(
    '$layer must not import $imported',
    ({ layer, index }) => {
      expect(output).toMatch(complaint(layer, fileName(index, 'forbidden')))
    },
  )

  it.each(allowed.map(([layer, imported], index) => ({ layer, imported, index })))(
    '$layer may import $imported',
    ({ layer, index }) => {
      expect(output).not.toMatch(complaint(layer, fileName(index, 'allowed')))
    },
  )
})
