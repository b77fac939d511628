import { describe, expect, it } from 'vitest'
import { resolveClusterCallOptions, resolveClusterOptions } from '../../src/cluster/cluster-options.js'
import { settingsOf } from '../../src/dispatch/configured-request.js'

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
    const omitted = { host: undefined, database: undefined, readFrom: undefined }
    expect(resolveClusterOptions('redis://10.0.0.1', omitted as never)).toMatchObject({ readFrom: 'master' })
  })

  it.each([
    [[], {}, 'expected URLs'],
    [['redis://a/1'], {}, 'database 0'],
    [['unix:/tmp/x'], {}, 'database 0'],
    [[17], {}, 'expected URLs'],
    [['redis://a'], { database: 1 }, 'invalid option database'],
    [['redis://a'], { host: 'b' }, 'invalid option host'],
    [['redis://a'], { maxRedirects: 0 }, 'invalid option maxRedirects'],
    [['redis://a'], { mapAddress: 1 }, 'invalid option mapAddress'],
    [['redis://a'], { readFrom: 'slave' }, 'invalid option readFrom'],
    // Without these checks, the client would connect to localhost, or without the password.
    [[{ url: 'redis://a:7000' }], {}, 'invalid seeds: expected URLs or objects with host and port'],
    [[{ host: undefined, port: 7_000 }], {}, 'invalid seeds: expected URLs or objects with host and port'],
    [{ rootNodes: [] }, {}, 'invalid seeds: expected URLs or objects with host and port'],
    [[{ host: 'a', password: 'pw' }], {}, 'unknown option seed.password: the options are host, port'],
    // Its options would apply to no node, not even to its own.
    [[{ host: 'a' }, 'redis://user:pw@b'], {}, 'user, password, TLS and options in the first'],
    [['redis://a', 'rediss://b'], {}, 'user, password, TLS and options in the first'],
    [['valkey://a', 'valkeys://b'], {}, 'user, password, TLS and options in the first'],
    [['redis://a', new URL('redis://b?timeout=50')], {}, 'user, password, TLS and options in the first'],
    [['redis://x:one@a', 'redis://b', 'redis://x:two@b'], {}, 'user, password, TLS and options in the first'],
    [[Symbol('a')], {}, 'expected URLs'],
    [['redis://a'], { readfrom: 'replica' }, 'unknown option readfrom: did you mean readFrom? The options are tls, '],
  ])('are refused: %j %j', (seeds, options, message) => {
    expect(() => resolveClusterOptions(seeds as never, options as never)).toThrow(message)
  })

  it('are those of the first seed, which the other ones may repeat', () => {
    const first = 'rediss://user:pw@a:7000/0?timeout=50'
    const { seeds, options } = resolveClusterOptions([
      first,
      'redis://redis:7002',
      { host: 'c' },
      'redis://boss/0',
      first,
    ])
    expect(seeds.map(({ host }) => host)).toEqual(['a', 'redis', 'c', 'boss', 'a'])
    expect(options).toMatchObject({ username: 'user', password: 'pw', timeout: 50, tls: {} })
    expect(resolveClusterOptions([first, 'rediss://user:pw@ss:7001?timeout=50']).seeds).toHaveLength(2)
  })

  it('for single calls have other names, which an error lists', () => {
    const base = settingsOf(resolveClusterOptions('redis://a').options)
    const resolve = (given: object): unknown => resolveClusterCallOptions(given, base)
    expect(() => resolve({ routes: 'k' })).toThrow(
      /unknown option routes: did you mean route\? .* crossSlot, readFrom$/,
    )
    expect(() => resolve({ route: 1 })).toThrow('invalid option route: expected a key: a string or bytes')
    expect(resolve({ route: 'k', timeout: 5 })).toMatchObject({ timeout: 5 })
  })
})
