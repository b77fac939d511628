import { describe, expect, it } from 'vitest'
import { redirectOf } from '../../src/cluster/redirects.js'

describe('An error reply says where a command belongs', () => {
  it.each([
    ['MOVED 3999 10.0.0.7:6379', { to: 'moved', slot: 3_999, host: '10.0.0.7', port: 6_379 }],
    ['ASK 0 cache.example:7000', { to: 'ask', slot: 0, host: 'cache.example', port: 7_000 }],
    ['MOVED 1 :7000', { to: 'moved', slot: 1, host: '', port: 7_000 }],
    ['MOVED 1 ::1:7000', { to: 'moved', slot: 1, host: '::1', port: 7_000 }],
  ])('%s', (text, redirect) => expect(redirectOf(text)).toEqual(redirect))

  it.each([
    ['TRYAGAIN Multiple keys request during rehashing of slot', 'later'],
    ['CLUSTERDOWN Hash slot not served', 'owner'],
    ["READONLY You can't write against a read only replica.", 'owner'],
    ['MOVED 3999 ?:6379', 'owner'],
    ['ASK 3999 ?:6379', 'owner'],
    ['UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)', 'owner'],
  ])('%s', (text, to) => expect(redirectOf(text)).toMatchObject({ to, slot: -1 }))

  it.each([
    'WRONGTYPE x',
    'UNBLOCKED client unblocked via CLIENT UNBLOCK',
    'MOVED',
    'MOVED x y:1',
    'LOADING x',
    'ERR MOVED 1 a:1',
  ])('not: %s', (text) => expect(redirectOf(text)).toBeUndefined())
})
