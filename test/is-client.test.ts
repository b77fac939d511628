import { createRequire } from 'node:module'
import { expect, it } from 'vitest'
import { createClient as createCoreClient } from '../src/core.js'
import { Client, createClient, isClient } from '../src/index.js'

const otherCopy = createRequire(import.meta.url)('../dist/cjs/index.js') as typeof import('../src/index.js')

it('isClient is true for clients, also of a subclass and of another copy of the package', () => {
  class Shop extends Client {}
  const clients = [createClient(), new Shop(), createClient().duplicate(), otherCopy.createClient()]
  expect(clients.map(isClient)).toEqual([true, true, true, true])
  expect(otherCopy.isClient(createClient())).toBe(true)
  expect(otherCopy.createClient()).not.toBeInstanceOf(Client)
})

it('isClient is false for anything else', () => {
  const others = [undefined, null, 1, 'redis://localhost', {}, Client, createClient().with({}), createCoreClient()]
  expect(others.map(isClient)).toEqual(others.map(() => false))
})
