import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runProgram } from '../support/run-program.js'

const folder = mkdtempSync(join(tmpdir(), 'respite-other-client-'))

beforeAll(() => {
  writeFileSync(
    join(folder, 'client.ts'),
    `export class Client { constructor(_options: object, _environment: object) { throw new Error('the other client') } }
export function resolveOptions(options: object) { return options }\n`,
  )
})
afterAll(() => rmSync(folder, { recursive: true }))

it.each(['--seeds', '--seed'])('%s runs the client of the folder that --src names', async (option) => {
  const { output } = await runProgram('test/simulation/main.ts', '--src', folder, option, '1')
  expect(output).toContain('the other client')
})
