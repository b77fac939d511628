// Run by Jest through ts-jest, which type-checks it and compiles it to CommonJS.

import { type Client, createClient, type Fate, RespiteError } from 'respite'

let client: Client

beforeAll(() => {
  client = createClient(process.env.RESPITE_TRIAL_URL as string)
})
afterAll(() => client.close())

test('a typed command', async () => {
  const stored: string | null = await client.set('ts-jest', 1).then(() => client.get('ts-jest'))
  expect(stored).toBe('1')
})

test('a fate', async () => {
  let fate: Fate | undefined
  try {
    await client.with({ signal: AbortSignal.abort() }).get('ts-jest')
  } catch (error) {
    if (error instanceof RespiteError) fate = error.fate
  }
  expect(fate).toBe('not-executed')
})
