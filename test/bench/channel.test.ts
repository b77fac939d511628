import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
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

it('a process that does not end when it is told to is killed after a limit, so that a run does not wait for ever', async () => {
  const file = join(folder, 'staying.mjs')
  writeFileSync(file, "process.send({ result: process.pid })\nprocess.on('message', () => {})\n")
  const channel = new Channel('a client', { script: file, args: [] })
  const pid = (await channel.answer()) as number
  await channel.end({}, 50)
  expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  await expect(channel.ask({})).rejects.toThrow('a client: its process has ended (SIGKILL)')
})

describe('a process that serves', () => {
  /** Runs a program that imports `serve`, and that a timer keeps alive. */
  function start(program: string) {
    const file = join(folder, 'serving.mjs')
    const channel = pathToFileURL('bench/channel.ts').href
    writeFileSync(file, `import { serve } from '${channel}'\nsetInterval(() => {}, 1_000)\n${program}\n`)
    return fork(file, [], { execArgv: ['--import', 'tsx'] })
  }

  it('ends if its parent is gone', async () => {
    const child = start('serve("ready", async () => undefined)')
    expect((await once(child, 'message'))[0]).toEqual({ result: 'ready' })
    child.disconnect()
    expect(await once(child, 'exit')).toEqual([0, null])
  })

  it('ends if its parent was gone before it was ready', async () => {
    const child = start(
      'process.send("here"); await new Promise((resolve) => process.once("disconnect", resolve)); serve(1, async () => undefined)',
    )
    await once(child, 'message')
    child.disconnect()
    expect(await once(child, 'exit')).toEqual([0, null])
  })
})
