import { createClient, type Fate, RespiteError } from 'respite'
import { createClient as createCoreClient } from 'respite/core'
import { Decoder, defaultLimits, textMode } from 'respite/protocol'

export async function use(): Promise<Fate | undefined> {
  const client = createClient('redis://localhost', { timeout: 200 })
  const small = createCoreClient({ url: 'redis://localhost' })
  const decoder = new Decoder({ modeOfNext: () => textMode, onReply: () => {}, onPush: () => {} }, defaultLimits)
  decoder.decode(Buffer.from('+OK\r\n'))
  try {
    await client.set('k', 'v', 'EX', 10)
  } catch (error) {
    if (error instanceof RespiteError) return error.fate
    throw error
  } finally {
    await Promise.all([client.close(), small.close()])
  }
  return undefined
}
