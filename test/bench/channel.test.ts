import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Channel } from '../../bench/channel.js'

const folder = mkdtempSync(join(tmpdir(), 'respite-channel-'))
const script = join(folder, 'child.mjs')

beforeAll(() => {
  // Answers once more, then ends without a word.
  writeFileSync(
    script,
    "process.send({ result: 'ready' })\nprocess.once('message', () => { process.send({ result: 'last' }); process.disconnect() })\n",
  )
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('a call to a process that is ending, or has ended', () => {
  it('is rejected with the name of what ran there', async () => {
    const channel = new Channel('a client', { script, args: [] })
    expect(await channel.answer()).toBe('ready')
    expect(await channel.ask({})).toBe('last')
    // The pipe is closing or closed; this process may not have noticed.
    await expect(channel.ask({})).rejects.toThrow('a client: its process has ended (0)')
    await expect(channel.ask({})).rejects.toThrow('a client: its process has ended (0)')
    await channel.end({})
  })
})
