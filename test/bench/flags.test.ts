import { describe, expect, it } from 'vitest'
import { readFlags } from '../../bench/flags.js'

describe('the flags of a benchmark', () => {
  it('default to everything, on a server that is started, and write nothing', () => {
    expect(readFlags([])).toEqual({
      rounds: 8,
      mostRounds: 16,
      precision: 0.05,
      time: 100,
      only: '',
      form: 'full',
      target: undefined,
      custom: undefined,
      clients: undefined,
      out: undefined,
      json: false,
      from: undefined,
      baseline: undefined,
      agree: undefined,
    })
  })

  it('set how long and how exactly is measured', () => {
    const flags = readFlags(['--rounds', '3', '--most', '5', '--time', '50', '--precision', '2'])
    expect(flags).toMatchObject({ rounds: 3, mostRounds: 5, time: 50, precision: 0.02 })
  })

  it('have a form of a fixed length', () => {
    expect(readFlags(['--short'])).toMatchObject({ form: 'short', rounds: 8, mostRounds: 8, time: 100 })
    expect(readFlags(['--smoke'])).toMatchObject({ form: 'smoke', rounds: 1, mostRounds: 1, time: 20 })
  })

  it('report an earlier run, or compare with one', () => {
    expect(readFlags(['--from', 'a.json', '--agree', 'b.json', '--baseline', 'c.json', '--out', 'here'])).toMatchObject(
      {
        from: 'a.json',
        agree: 'b.json',
        baseline: 'c.json',
        out: 'here',
      },
    )
  })

  it('name a server of the user', () => {
    expect(readFlags(['--url', 'rediss://me:pw@example.test:7000']).target).toEqual({
      host: 'example.test',
      port: 7000,
      username: 'me',
      password: 'pw',
      tls: true,
    })
  })

  it('make a workload of the user', () => {
    expect(readFlags(['--loops', '4']).custom).toEqual({ bytes: [16, 16], loops: 4, keys: 1, writes: 0 })
    expect(readFlags(['--bytes', '10-99', '--keys', '7', '--writes', '50']).custom).toEqual({
      bytes: [10, 99],
      loops: 64,
      keys: 7,
      writes: 50,
    })
  })

  it.each([
    ['--round', ['--round', '3']],
    ['--rounds', ['--rounds', '1']],
    ['--most', ['--rounds', '5', '--most', '4']],
    ['--time', ['--time', 'long']],
    ['--bytes', ['--bytes', '9-5']],
    ['--writes', ['--writes', '101']],
    ['--smoke', ['--short', '--smoke']],
    ['--precision', ['--precision', '0']],
    ['--only', ['--only', 'GET', '--bytes', '9']],
    ['--from', ['--from', 'clients.json', '--short']],
    ['--url', ['--url', 'unix:/tmp/redis.sock']],
    ['--url', ['--url', 'redis://127.0.0.1/3']],
    ['--url: options after "?"', ['--url', 'redis://127.0.0.1?protocol=2']],
    ['--url: options after "?"', ['--url', 'redis://user:password@127.0.0.1:6379/0?keyPrefix=app:&family=6']],
  ])('are rejected by name if unknown or invalid: %s', (name, args) => {
    expect(() => readFlags(args)).toThrow(name)
  })
})
