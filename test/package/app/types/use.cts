import { createClient, RespiteError } from 'respite'

import core = require('respite/core')
import protocol = require('respite/protocol')

export async function use(): Promise<string | null> {
  const client = createClient('redis://localhost')
  const small = core.createClient({ url: 'redis://localhost' })
  const encoder = new protocol.Encoder()
  encoder.append(['PING'])
  try {
    return await client.get('k')
  } catch (error) {
    if (error instanceof RespiteError && error.fate === 'unknown') return null
    throw error
  } finally {
    await Promise.all([client.close(), small.close()])
  }
}
