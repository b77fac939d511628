import { afterEach, beforeEach, expect, it } from 'vitest'
import { BuiltInSentinel } from '../../../lab/server/sentinel.js'
import { type Client, createClient } from '../../../src/index.js'

let sentinel: BuiltInSentinel
let client: Client
beforeEach(async () => {
  sentinel = await BuiltInSentinel.start('m', 7_001)
  client = createClient({ host: '127.0.0.1', port: sentinel.port })
})
afterEach(async () => {
  await client.close()
  await sentinel.stop()
})

it('a built-in sentinel names its master, and knows no replicas and no other sentinels', async () => {
  expect(await client.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'm')).toEqual(['127.0.0.1', '7001'])
  expect(await client.call('SENTINEL', 'MASTER', 'm')).toMatchObject({ ip: '127.0.0.1', port: '7001', flags: 'master' })
  expect(await client.call('SENTINEL', 'REPLICAS', 'm')).toEqual([])
  expect(await client.call('SENTINEL', 'SENTINELS', 'm')).toEqual([])
})

it('a built-in sentinel knows no other name', async () => {
  expect(await client.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'x')).toBeNull()
  await expect(client.call('SENTINEL', 'MASTER', 'x')).rejects.toMatchObject({ prefix: 'ERR' })
})

it('a built-in sentinel announces another master, with a higher epoch', async () => {
  const messages: string[] = []
  const subscription = client.subscribe(['+switch-master', '+slave'], {
    onMessage: ({ channel, message }) => messages.push(`${channel}: ${message}`),
  })
  await subscription.ready
  sentinel.announce(7_002)
  expect(await client.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'm')).toEqual(['127.0.0.1', '7002'])
  expect(await client.call('SENTINEL', 'MASTER', 'm')).toMatchObject({ port: '7002', 'config-epoch': '1' })
  await expect
    .poll(() => messages)
    .toEqual([
      '+switch-master: m 127.0.0.1 7001 127.0.0.1 7002',
      '+slave: slave 127.0.0.1:7001 127.0.0.1 7001 @ m 127.0.0.1 7002',
    ])
  subscription.close()
})
