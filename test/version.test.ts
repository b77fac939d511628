import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { library } from '../src/version.js'

it('the version sent to servers is that of the package', () => {
  const { name, version } = JSON.parse(readFileSync('package.json', 'utf8')) as { name: string; version: string }
  expect(library).toEqual({ name, version })
})
