import { describe, expect, it } from 'vitest'
import { findServer } from '../../scripts/find-server.js'
import { type Machine, plan } from '../../scripts/setup.js'

const bare: Machine = { server: undefined, has: () => false, isRoot: false, canSudo: false }
const withApt = (name: string): boolean => name === 'apt-get'

describe('npm run setup', () => {
  it('does nothing if a server is available', () => {
    const server = { kind: 'binary', path: '/somewhere/redis-server' } as const
    expect(plan({ ...bare, server, has: withApt, isRoot: true })).toEqual({ action: 'nothing', server })
  })

  it('installs with the package manager as root', () => {
    const decision = plan({ ...bare, has: withApt, isRoot: true })
    expect(decision).toMatchObject({
      action: 'install',
      commands: [['apt-get', 'update'], expect.arrayContaining(['redis-server'])],
    })
  })

  it('installs with sudo if it needs no password', () => {
    const decision = plan({ ...bare, has: (name) => name === 'dnf', canSudo: true })
    expect(decision).toEqual({ action: 'install', commands: [['sudo', '-n', 'dnf', 'install', '-y', 'valkey']] })
  })

  it('installs with brew, without root', () => {
    const decision = plan({ ...bare, has: (name) => name === 'brew' })
    expect(decision).toEqual({ action: 'install', commands: [['brew', 'install', 'valkey']] })
  })

  it('explains the three ways if it may not install', () => {
    expect(plan({ ...bare, has: withApt })).toEqual({ action: 'explain' })
    expect(plan(bare)).toEqual({ action: 'explain' })
  })
})

describe('a server for tests', () => {
  it('is that of RESPITE_TEST_URL, if set', () => {
    expect(findServer({ RESPITE_TEST_URL: 'redis://localhost:1' })).toEqual({ kind: 'url', url: 'redis://localhost:1' })
  })
})
