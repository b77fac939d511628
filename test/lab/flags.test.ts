import { describe, expect, it, vi } from 'vitest'
import { readFlags } from '../../lab/flags.js'

describe('the command line of the lab', () => {
  it('runs every scenario with the most used clients by default', () => {
    const flags = readFlags([], 'somewhere')
    expect(flags.scenarios.slice(0, 6)).toEqual(['A', 'B', 'C', 'D', 'E', 'reset-between'])
    expect(flags).toMatchObject({
      clients: ['respite', 'ioredis', 'node-redis'],
      out: 'somewhere',
      isBuiltIn: false,
      repeat: 1,
    })
  })

  it('runs every client of the lab if asked for all', () => {
    vi.stubEnv('BUN', '/somewhere/bun')
    const onNode = ['respite', 'ioredis', 'iovalkey', 'node-redis', 'valkey-glide']
    expect(readFlags(['--client', 'all'], '').clients).toEqual([...onNode, 'bun'])
    // Without Bun, its client is missing.
    vi.stubEnv('BUN', '').stubEnv('PATH', '')
    expect(readFlags(['--client', 'all'], '').clients).toEqual(onNode)
    vi.unstubAllEnvs()
  })

  it('runs the selected scenarios, in its own order', () => {
    const flags = readFlags(['--only', 'slow', '--only', 'B', '--client', 'respite', '--built-in'], '')
    expect(flags).toMatchObject({ scenarios: ['B', 'slow'], clients: ['respite'], isBuiltIn: true })
  })

  it('runs files with clients and scenarios, alone or with those of the lab', () => {
    const own = ['--client', './mine.mjs', '--scenario', './lost.ts']
    expect(readFlags(own, '')).toMatchObject({ clients: ['./mine.mjs'], scenarios: ['./lost.ts'] })
    const both = readFlags([...own, '--client', 'respite', '--only', 'B'], '')
    expect(both).toMatchObject({ clients: ['respite', './mine.mjs'], scenarios: ['B', './lost.ts'] })
  })

  it.each([
    [['--only', 'Z'], '--only Z: there are A, B, C'],
    [['--client', 'jedis'], '--client jedis: there are respite, ioredis, iovalkey, node-redis'],
    [['--repeat', '0'], '--repeat 0: expected a number from 1 to 99'],
    [['--fast'], "Unknown option '--fast'"],
  ])('%j is rejected with the valid values', (args, message) => {
    expect(() => readFlags(args, '')).toThrow(message)
  })
})
