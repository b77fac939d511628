// Run by vitest, which loads it through vite.
import { type Client, createClient, ReplyError } from 'respite'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'

let client: Client

beforeAll(() => {
  client = createClient(process.env.RESPITE_TRIAL_URL as string)
})
afterEach(() => {
  vi.useRealTimers()
})
afterAll(() => client.close())

test('commands and errors', async () => {
  expect(await client.set('vitest', Buffer.from('välue'))).toBe('OK')
  expect(await client.get('vitest')).toBe('välue')
  await expect(client.lpush('vitest', 'x')).rejects.toBeInstanceOf(ReplyError)
})

test('commands with fake timers', async () => {
  vi.useFakeTimers()
  const other = createClient(process.env.RESPITE_TRIAL_URL as string)
  expect(await other.set('vitest:fake', 1)).toBe('OK')
  const many = await Promise.all(Array.from({ length: 1_000 }, () => client.incr('vitest:fake')))
  expect(many.at(-1)).toBe(1_001)
  await other.close()
})
