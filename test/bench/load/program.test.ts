import { expect, it } from 'vitest'
import { programOf } from '../../../bench/load/program.js'

it('the password of the server is not in the arguments of a process, which everybody can read', () => {
  const target = { host: 'cache.example', port: 6379, password: 'secret', tls: false }
  for (const sentinels of [undefined, { name: 'master', sentinels: [{ host: 'cache.example', port: 26379 }] }]) {
    const { args, env } = programOf('child.mjs', 'respite', target, sentinels)
    expect(args.join()).not.toContain('secret')
    expect(JSON.parse(Object.values(env ?? {}).join())).toEqual(target)
  }
})
