import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { Client } from '../../../src/client.js'
import type { ClientEvents } from '../../../src/core/observation.js'
import { resolveOptions } from '../../../src/options/resolve.js'
import type { ClientCode } from '../simulate.js'
import { Comparison } from './comparison.js'
import { portray, portrayBytes } from './portray.js'
import { openRecording, type RecordedRun, recordRun, writeRecording } from './recording.js'

const run = (seed: number, ...lines: string[]): RecordedRun => ({ seed, digest: lines.join('\n'), lines })

describe('A comparison of recorded runs', () => {
  it('says so when every run is identical', () => {
    const comparison = new Comparison()
    comparison.add(run(1, '0.000 a'), run(1, '0.000 a'))
    comparison.add(run(2, '0.000 b'), run(2, '0.000 b'))
    expect(comparison.hasDifferences).toBe(false)
    expect(comparison.report()).toBe('2 of 2 seeds are identical')
  })

  it('shows the first lines that differ, and those around them', () => {
    const comparison = new Comparison(2)
    comparison.add(run(1, '0.000 same'), run(1, '0.000 same'))
    comparison.add(
      run(7, '1.000 x', '2.000 y', '3.000 z', '4.000 #1 get resolves 1', '5.000 end'),
      run(7, '1.000 x', '2.000 y', '3.000 z', '4.000 #1 get resolves 2', '5.000 end'),
    )
    expect(comparison.hasDifferences).toBe(true)
    expect(comparison.report().split('\n')).toEqual([
      '1 of 2 seeds are identical',
      '1 differ, at first in: a settlement (1)',
      'seeds: 7',
      '',
      'seed 7, line 4: "-" was recorded, "+" is new',
      '    2.000 y',
      '    3.000 z',
      '  - 4.000 #1 get resolves 1',
      '  - 5.000 end',
      '  + 4.000 #1 get resolves 2',
      '  + 5.000 end',
    ])
  })

  it('shows where one run goes on and the other does not', () => {
    const comparison = new Comparison()
    comparison.add(run(1, '1.000 x'), run(1, '1.000 x', '2.000 connection 1 is destroyed'))
    expect(comparison.report()).toContain('  - (nothing more)\n  + 2.000 connection 1 is destroyed')
    expect(comparison.report()).toContain('bytes on a connection (1)')
  })

  it('tells lines in another order from other lines', () => {
    const comparison = new Comparison()
    comparison.add(run(1, '1.000 x', '1.000 y'), run(1, '1.000 y', '1.000 x'))
    comparison.add(run(2, '1.000 client emits status []'), run(2, '2.000 client emits status []'))
    expect(comparison.report()).toContain('1 of them have the same lines in another order')
    expect(comparison.report()).toContain('an event (1)')
  })

  it('shows five of many, and names the seeds of twenty', () => {
    const comparison = new Comparison()
    for (let seed = 0; seed < 30; seed += 1) comparison.add(run(seed, '0.000 a'), run(seed, '0.000 b'))
    expect(comparison.report().match(/^seed /gm)).toHaveLength(5)
    expect(comparison.report()).toMatch(/^seeds: 0, .*, 19 \.\.\.$/m)
  })
})

describe('What is compared', () => {
  it('of an error is all but its message', () => {
    const error = (message: string, code: string): Error => Object.assign(new Error(message), { code, fate: 'unknown' })
    expect(portray(error('one', 'A'))).toBe(portray(error('another', 'A')))
    expect(portray(error('one', 'A'))).not.toBe(portray(error('one', 'B')))
    expect(portray(error('one', 'A'))).toContain('"fate":"unknown"')
  })

  it('of a long value is all of it', () => {
    expect(portray(`${'x'.repeat(1_000)}1`)).not.toBe(portray(`${'x'.repeat(1_000)}2`))
    expect(portray('x'.repeat(1_000)).length).toBeLessThan(150)
  })

  it('of sent bytes is all but the version of the client', () => {
    const bytes = (version: string): Buffer => Buffer.from(`$7\r\nLIB-VER\r\n$${version.length}\r\n${version}\r\n`)
    expect(portrayBytes(bytes('0.1.0'))).toBe(portrayBytes(bytes('10.11.12')))
    expect(portrayBytes(Buffer.from('a'))).not.toBe(portrayBytes(Buffer.from('b')))
  })
})

const seeds = 30

/** How many seeds of a changed client differ from those of the client as it is. */
async function differing(code: Partial<ClientCode>): Promise<number> {
  let count = 0
  for (let seed = 0; seed < seeds; seed += 1) {
    const before = await recordRun(seed)
    const after = await recordRun(seed, { Client, resolveOptions, ...code })
    if (before.digest !== after.digest) count += 1
  }
  return count
}

describe('Recorded runs', () => {
  it('of the same client are identical, and hold bytes, settlements and events', async () => {
    expect(await differing({})).toBe(0)
    // Not each schedule has all of it.
    let all = ''
    for (let seed = 0; seed < 4; seed += 1) all += (await recordRun(seed)).lines.join('\n')
    for (const pattern of [/ connection 1 is given \d+ bytes/, / resolves /, / rejects /, / client emits status /]) {
      expect(all).toMatch(pattern)
    }
  })

  it('differ when one option has another effect', async () => {
    expect(
      await differing({ resolveOptions: (given) => ({ ...resolveOptions(given as object), stallTimeout: 50 }) }),
    ).toBeGreaterThan(0)
  })

  it('do not differ when listeners run a few microtasks later', async () => {
    class LateClient extends Client {
      override on<Name extends keyof ClientEvents>(event: Name, listener: (...args: ClientEvents[Name]) => void): this {
        return super.on(event, (...args) => queueMicrotask(() => listener(...args)))
      }
    }
    expect(await differing({ Client: LateClient as unknown as typeof Client })).toBe(0)
  })

  it('leave the clock of the process as it was', async () => {
    const before = Date
    await recordRun(1)
    expect(Date).toBe(before)
  })
})

describe('A recording', () => {
  const folder = mkdtempSync(join(tmpdir(), 'respite-recording-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  it('gives back what was written', async () => {
    const file = join(folder, 'runs.gz')
    await writeRecording(file, { format: 1, schedules: 'some', from: 5, seeds: 2 })
    const { head, runs } = await openRecording(file)
    expect(head).toEqual({ format: 1, schedules: 'some', from: 5, seeds: 2 })
    const read: RecordedRun[] = []
    for await (const recorded of runs) read.push(recorded)
    expect(read).toEqual([await recordRun(5), await recordRun(6)])
  })
})
