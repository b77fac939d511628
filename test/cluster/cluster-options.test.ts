import { describe, expect, it } from 'vitest'
import { resolveClusterOptions } from '../../src/cluster/cluster-options.js'

describe('The options of a cluster', () => {
  it('are those of a client, with the seeds', () => {
    const resolved = resolveClusterOptions(['redis://user:pw@10.0.0.1:7000?timeout=50', { host: 'other' }], {
      retry: 'read',
    })
    expect(resolved.seeds).toEqual([
      { host: '10.0.0.1', port: 7_000 },
      { host: 'other', port: 6_379 },
    ])
    expect(resolved.options).toMatchObject({
      username: 'user',
      password: 'pw',
      timeout: 50,
      retry: 'read',
      suspectAfter: 1_000,
    })
    expect(resolved.maxRedirects).toBe(16)
    expect(resolveClusterOptions('redis://10.0.0.1').seeds).toHaveLength(1)
  })

  it.each([
    [[], {}, 'expected at least one'],
    [['redis://a/1'], {}, 'only database 0'],
    [['unix:/tmp/x'], {}, 'hosts and ports'],
    [[17], {}, 'expected URLs'],
    [['redis://a'], { database: 1 }, 'invalid option database'],
    [['redis://a'], { host: 'b' }, 'invalid option host'],
    [['redis://a'], { maxRedirects: 0 }, 'invalid option maxRedirects'],
    [['redis://a'], { mapAddress: 1 }, 'invalid option mapAddress'],
    [['redis://a'], { readFrom: 'slave' }, 'invalid option readFrom'],
  ])('are refused: %j %j', (seeds, options, message) => {
    expect(() => resolveClusterOptions(seeds as never, options as never)).toThrow(message)
  })
})
