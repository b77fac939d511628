import { createHash } from 'node:crypto'
import { createContext, runInContext } from 'node:vm'
import { crc32 } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { bundle } from '../../../lab/browser/bundle.js'
import { examples } from '../../../lab/browser/examples.js'
import { runSchedule } from '../../../lab/browser/run.js'
import * as browserCrypto from '../../../lab/browser/runtime/crypto.js'
import * as browserZlib from '../../../lab/browser/runtime/zlib.js'
import { parseSchedule } from '../../../lab/browser/schedule.js'
import { runSeed } from '../../../lab/browser/seed.js'

/** What a browser has, and nothing of Node.js. */
const globals = {
  AbortController,
  AbortSignal,
  DOMException,
  Event,
  EventTarget,
  MessageChannel,
  TextDecoder,
  TextEncoder,
  URL,
  URLSearchParams,
  clearTimeout,
  console,
  crypto,
  performance,
  queueMicrotask,
  setTimeout,
  structuredClone,
}

describe('the code of the page', () => {
  let evaluate: (code: string) => Promise<string>
  beforeAll(async () => {
    const context = createContext({ ...globals })
    runInContext(await bundle('entry.ts'), context)
    evaluate = (code) => runInContext(code, context) as Promise<string>
  })

  it.each(examples)('computes what Node.js computes: $title', async ({ text }) => {
    const there = await evaluate(
      `respiteLab.runSchedule(respiteLab.parseSchedule(${JSON.stringify(text)})).then(JSON.stringify)`,
    )
    expect(JSON.parse(there)).toEqual(JSON.parse(JSON.stringify(await runSchedule(parseSchedule(text)))))
  })

  it.each([4, 10])('computes what Node.js computes: seed %i', async (seed) => {
    const there = JSON.parse(await evaluate(`respiteLab.runSeed(${seed}).then(JSON.stringify)`))
    expect(there.lines.length).toBeGreaterThan(50)
    expect(there).toEqual(JSON.parse(JSON.stringify(await runSeed(seed))))
  })

  it('hashes as Node.js does', () => {
    for (const length of [0, 3, 55, 56, 63, 64, 65, 1_000]) {
      const bytes = Buffer.alloc(length, 'respite')
      for (const name of ['sha1', 'sha256'] as const) {
        expect(browserCrypto.createHash(name).update(bytes).digest('hex')).toBe(
          createHash(name).update(bytes).digest('hex'),
        )
      }
    }
    const text = 'connection 1'
    expect(browserCrypto.createHash('sha256').update(text).digest('base64url')).toBe(
      createHash('sha256').update(text).digest('base64url'),
    )
    expect(browserZlib.crc32(text)).toBe(crc32(text))
  })
})
