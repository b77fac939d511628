// Run by Jest, in its Node and in its jsdom environment.

const { createClient, ReplyError } = require('respite')

const url = process.env.RESPITE_TRIAL_URL
let client

beforeAll(() => {
  client = createClient(url)
})
afterAll(() => client.close())

test('commands, Buffers and errors', async () => {
  expect(await client.set('jest', Buffer.from('välue'))).toBe('OK')
  expect(await client.get('jest')).toBe('välue')
  expect(await client.set('jest:bytes', new Uint8Array([1, 2, 3]))).toBe('OK')
  expect([...(await client.with({ buffers: true }).get('jest:bytes'))]).toEqual([1, 2, 3])
  await expect(client.lpush('jest', 'x')).rejects.toBeInstanceOf(ReplyError)
})

test('code that is loaded on demand', async () => {
  await client.del('jest:once')
  const once = client.with({ once: true })
  expect(await Promise.all([once.incr('jest:once'), once.incr('jest:once')])).toEqual([1, 2])
})

test('messages', async () => {
  const subscription = client.subscribe('jest')
  await subscription.ready
  await client.publish('jest', 'hello')
  for await (const { message } of subscription) {
    expect(message).toBe('hello')
    break
  }
})

test('commands with fake timers', async () => {
  jest.useFakeTimers()
  try {
    expect(await client.set('jest:fake', 1)).toBe('OK')
    const many = await Promise.all(Array.from({ length: 1_000 }, () => client.incr('jest:fake')))
    expect(many.at(-1)).toBe(1_001)
  } finally {
    jest.useRealTimers()
  }
})
