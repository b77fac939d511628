import { deepStrictEqual } from 'node:assert/strict'
import type { BenchClient } from './clients/client.js'
import { counterKeys, foreignValue, keys, megabyteValue, numberedKeys, smallValue } from './workloads/data.js'

/** Checks, before anything is measured, that a client really does what will be measured. */
export async function verify(client: BenchClient): Promise<void> {
  const { name } = client
  const expect = (actual: unknown, expected: unknown, what: string): void =>
    deepStrictEqual(actual, expected, `${name}: ${what}`)
  expect(await client.get(keys.small), smallValue, 'GET')
  expect(await client.get(keys.foreign), foreignValue, 'GET of text that is not ASCII')
  await client.set(keys.written, foreignValue)
  expect(await client.get(keys.written), foreignValue, 'SET of text that is not ASCII')
  expect(megabyteValue.equals((await client.getBuffer(keys.megabyte)) as Buffer), true, 'GET as Buffer')
  expect((await client.mget([...numberedKeys])).length, numberedKeys.length, 'MGET')
  expect((await client.lrange(keys.list)).length, 1_000, 'LRANGE')
  expect(sizeOf(await client.hgetall(keys.hash)), 1_000, 'HGETALL')
  expect(JSON.stringify(await client.xread(keys.stream, 100)).includes('sensor:99'), true, 'XREAD')
  expect(sizeOf(await client.pipeline(numberedKeys)), numberedKeys.length, 'a pipeline')
  if (client.multi !== undefined) expect(sizeOf(await client.multi(counterKeys)), counterKeys.length, 'MULTI')
}

/** The number of entries of an array, an object or a Map: the clients differ in this. */
function sizeOf(value: unknown): number {
  return value instanceof Map ? value.size : Object.keys(value as object).length
}
