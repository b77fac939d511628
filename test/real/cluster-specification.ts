import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Cluster, createCluster } from '../../src/cluster/cluster.js'
import type { ClusterNode } from '../../src/cluster/cluster-observation.js'
import type { ClusterOptions } from '../../src/cluster/cluster-options.js'
import { slotOfKey } from '../../src/commands/slots.js'
import { script } from '../../src/index.js'
import { blocksOf, run } from '../docs/blocks.js'
import { selfSigned } from '../support/certificate.js'
import { type ClusterSetup, nodeTimeoutMs, startCluster } from '../support/cluster.js'
import { ClusterLoad, type LoadReport } from '../support/cluster-load.js'
import type { TestServer } from '../support/server.js'

const keys = Array.from({ length: 24 }, (_, index) => `list:${index}`)

/** What no load may show, whatever happens. */
const right = { hung: 0, twice: 0, outOfOrder: 0, falseNotExecuted: 0 }

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** The port of the node that has the slot of a key, as the cluster sees it. */
function portOf(cluster: Cluster, key: string): number {
  const slot = slotOfKey(key)
  return cluster.nodes().find(({ slots }) => slots.some(([from, to]) => from <= slot && slot <= to))?.port ?? 0
}

/** The number of the server that has the slot of a key. */
function ownerOf(cluster: Cluster, setup: ClusterSetup, key: string): number {
  return setup.servers.findIndex(({ port }) => port === portOf(cluster, key))
}

/** Keys of this server, and of the others. */
function keysOf(cluster: Cluster, setup: ClusterSetup, server: number): [own: string[], others: string[]] {
  const own = keys.filter((key) => ownerOf(cluster, setup, key) === server)
  return [own, keys.filter((key) => !own.includes(key))]
}

/** What holds on a cluster while nothing fails: seconds. */
export function describeCluster(program: string, options: ClusterOptions = {}): void {
  let setup: ClusterSetup
  let cluster: Cluster

  beforeAll(async () => {
    setup = await startCluster(program)
    cluster = createCluster(setup.seeds, options) as Cluster
  }, 60_000)

  afterAll(async () => {
    cluster?.destroy()
    await setup?.stop()
  })

  const from = (key: string): number => ownerOf(cluster, setup, key)
  /** Another master. */
  const next = (key: string): number => {
    const masters = cluster.nodes().filter(({ role }) => role === 'master')
    const other = masters.find(({ port }) => port !== setup.servers[from(key)]?.port)
    return setup.servers.findIndex(({ port }) => port === other?.port)
  }

  it.each(blocksOf('docs/cluster.md').map((block) => [block.line, block] as const))(
    'runs the code in docs/cluster.md, line %i',
    async (_, block) => {
      // At these servers, which need no password.
      const createHere = (): Cluster => createCluster(setup.seeds, options) as Cluster
      await run(block, { createCluster: createHere, cluster, console: { log: () => {} } })
    },
  )

  it('knows the same slots as the servers', async () => {
    const names = [
      'a',
      'foo{bar}baz',
      '{}x',
      '{a',
      'a}b{c}',
      'ключ',
      '{ключ}1',
      '',
      'x'.repeat(300),
      '{user1000}.following',
    ]
    for (const name of names) expect(slotOfKey(name)).toBe(await setup.admin(0).call('CLUSTER', 'KEYSLOT', name))
    const bytes = Buffer.from([0, 255, 123, 200, 125, 10])
    expect(slotOfKey(bytes)).toBe(await setup.admin(0).call('CLUSTER', 'KEYSLOT', bytes))
  })

  it('finds all nodes from one seed, and sends each command to the node that has its slot', async () => {
    const one = createCluster(setup.seeds[1] as string, options)
    await Promise.all(keys.map((key) => one.set(`x:${key}`, key)))
    expect(await Promise.all(keys.map((key) => one.get(`x:${key}`)))).toEqual(keys)
    const roles = one.nodes().map(({ role }) => role)
    expect(roles.filter((role) => role === 'master')).toHaveLength(3)
    expect(roles.filter((role) => role === 'replica')).toHaveLength(3)
    expect(one.stats().connections).toBeLessThanOrEqual(4)
    await one.close()
    expect(one.status).toBe('closed')
  })

  it('refuses commands over several slots before they are sent, and splits them when asked to', async () => {
    await expect(cluster.mget('a', 'b')).rejects.toMatchObject({ code: 'CROSS_SLOT', fate: 'not-executed' })
    await expect(cluster.multi().set('a', 1).set('b', 1).exec()).rejects.toMatchObject({ code: 'CROSS_SLOT' })
    const split = cluster.with({ crossSlot: 'split' })
    expect(await split.mset({ a: 1, b: 2, c: 3 })).toBe('OK')
    expect(await split.mget('c', 'none', 'a', 'b')).toEqual(['3', null, '1', '2'])
    expect(await split.del('a', 'b', 'c', 'none')).toBe(3)
  })

  it('tells what became of each part of a split command', async () => {
    await cluster.set('a', 1)
    await cluster.lpush('b', 'x')
    // Not each shard has the right to it.
    const index = ownerOf(cluster, setup, 'b')
    await setup.admin(index).call('ACL', 'SETUSER', 'default', '-del')
    try {
      const error = await cluster
        .with({ crossSlot: 'split' })
        .del('a', 'b')
        .then(
          () => undefined,
          (reason) => reason,
        )
      expect(error).toMatchObject({ code: 'PARTIAL', fate: 'executed' })
      const parts = error.parts.map((part: { keys: unknown; value?: unknown; error?: { fate: string } }) => [
        part.keys,
        part.value ?? part.error?.fate,
      ])
      expect(parts).toEqual([
        [['a'], 1],
        [['b'], 'refused'],
      ])
    } finally {
      await setup.admin(index).call('ACL', 'SETUSER', 'default', '+del')
    }
  })

  it('refuses what concerns one node, and asks nodes by name', async () => {
    await cluster.connect()
    await expect(cluster.dbsize()).rejects.toMatchObject({ code: 'USAGE', fate: 'not-executed' })
    const masters = cluster.nodes().filter(({ role }) => role === 'master')
    const sizes = await Promise.all(masters.map((node) => cluster.node(node).dbsize()))
    expect(sizes.length).toBe(3)
    expect(await cluster.ping()).toBe('PONG')
  })

  it('runs transactions, sessions and scripts where their keys are', async () => {
    expect(await cluster.multi().set('{t}1', 1).incr('{t}1').exec()).toEqual(['OK', 2])
    expect(await cluster.session('{t}1', (session) => session.get('{t}1'))).toBe('2')
    expect(await cluster.transaction('{t}1', (session) => session.multi().incr('{t}1'))).toEqual([3])
    const add = script<number>('return redis.call("INCRBY", KEYS[1], ARGV[1])')
    expect(await cluster.run(add, ['{t}1'], [5])).toBe(8)
    expect(await cluster.run(add, ['{t}1'], [5])).toBe(13)
    expect(await cluster.scriptLoad('return 1')).toMatch(/^[0-9a-f]{40}$/)
  })

  it('refuses what a session sends to a slot that moves or has moved, and leads the next session to the new owner', async () => {
    const client = createCluster(setup.seeds, options) as Cluster
    const key = '{session}'
    await cluster.set(key, 'here')
    const read = (): Promise<string | null> => client.session(key, (session) => session.get(key))
    expect(await read()).toBe('here')
    const refused = { code: 'REPLY_ERROR', fate: 'refused' }
    await client.session(key, async (session) => {
      await setup.migrate(slotOfKey(key), from(key), next(key), () =>
        expect(session.get(key)).rejects.toMatchObject({ ...refused, prefix: 'ASK' }),
      )
      await expect(session.get(key)).rejects.toMatchObject({ ...refused, prefix: 'MOVED' })
      await expect(session.multi().get(key).exec()).rejects.toMatchObject({ fate: 'refused' })
    })
    expect(await read()).toBe('here')
    await client.close()
  })

  it('makes the migration of a slot unseen: single keys in order, several keys, transactions', async () => {
    const tag = '{moving}'
    await cluster.connect()
    const lists = Array.from({ length: 6 }, (_, index) => `${tag}${index}`)
    for (let index = 0; index < 40; index += 1) await cluster.set(`${tag}k${index}`, 'x')
    const load = new ClusterLoad(cluster, lists, 3)
    const errors: unknown[] = []
    let isOver = false
    const others = (async () => {
      for (let n = 0; !isOver; n += 1) {
        const many = cluster.mget(`${tag}k1`, `${tag}k${n % 40}`)
        const whole = cluster
          .multi()
          .incr(`${tag}n`)
          .incr(`${tag}m${n % 5}`)
          .exec()
        await Promise.all([many, whole]).catch((error: unknown) => errors.push(error))
        await pause(3)
      }
    })()
    await load.progress(10)
    await setup.migrate(slotOfKey(tag), from(tag), next(tag), () => pause(2))
    await load.progress(20)
    isOver = true
    await others
    expect(errors).toEqual([])
    expect(await load.judge()).toMatchObject({ ...right, rejected: {}, lost: 0 })
  })

  it('runs a script once while its slot moves, also where its keys have moved before it', async () => {
    const tag = '{scripts}'
    await cluster.connect()
    const add = script<number>('return redis.call("INCRBY", KEYS[1], ARGV[1])')
    const counters = Array.from({ length: 5 }, (_, index) => `${tag}${index}`)
    await Promise.all(counters.map((key) => cluster.set(key, 0)))
    const once = cluster.with({ retry: 'never' })
    let calls = 0
    const callAll = async (): Promise<void> => {
      calls += 1
      await Promise.all(counters.map((key) => once.run(add, [key], [1])))
    }
    await setup.migrate(slotOfKey(tag), from(tag), next(tag), callAll)
    await callAll()
    expect(await Promise.all(counters.map((key) => cluster.get(key)))).toEqual(counters.map(() => String(calls)))
  })

  it('starts a transaction with optimistic locking again where its slot has moved', async () => {
    const tag = '{watched}'
    await cluster.connect()
    await Promise.all([cluster.set(`${tag}n`, 0), ...keys.map((key) => cluster.set(tag + key, 'x'))])
    let count = 0
    const add = async (): Promise<void> => {
      const results = await cluster.transaction(`${tag}n`, async (session) => {
        const n = Number(await session.get(`${tag}n`))
        return session.multi().set(`${tag}n`, n + 1)
      })
      expect(results).toEqual(['OK'])
      count += 1
    }
    let isOver = false
    const running = (async () => {
      while (!isOver) await add()
    })()
    await setup.migrate(slotOfKey(tag), from(tag), next(tag), () => pause(3))
    isOver = true
    await running
    await add()
    expect(await cluster.get(`${tag}n`)).toBe(String(count))
  })

  it('runs a command once, whose receipt moves with its slot', async () => {
    const key = '{once}n'
    await cluster.connect()
    await cluster.del(key)
    const first = cluster.with({ once: 'order-1' })
    expect(await first.incr(key)).toBe(1)
    await setup.migrate(slotOfKey(key), from(key), next(key))
    // Another process that uses the same id.
    const other = createCluster(setup.seeds, options) as Cluster
    expect(await other.with({ once: 'order-1' }).incr(key)).toBe(1)
    expect(await other.receipt('order-1', key)).toEqual({ found: true, reply: 1 })
    expect(await other.receipt('order-2', key)).toEqual({ found: false })
    await other.close()
    const both = cluster.with({ once: 'pair' }).multi().incr(key).set('{once}m', 1)
    expect(await both.exec()).toEqual([2, 'OK'])
    expect(await cluster.get(key)).toBe('2')
    const mismatch = await first.decr(key).catch((error: unknown) => error)
    expect(mismatch).toMatchObject({ code: 'ONCE_MISMATCH', fate: 'not-executed' })
    const keyless = cluster.with({ once: true })
    for (const publish of [keyless.publish('news', 'x'), keyless.spublish('news', 'x')]) {
      await expect(publish).rejects.toMatchObject({
        code: 'USAGE',
        message: expect.stringMatching('without a key, it has no receipt'),
      })
    }
    await expect(cluster.with({ once: true }).mset({ a: 1, b: 2 })).rejects.toMatchObject({ code: 'CROSS_SLOT' })
  })

  it('runs a command once while its slot moves, and where the connections to its node are cut', async () => {
    const tag = '{onces}'
    await cluster.connect()
    const counters = Array.from({ length: 4 }, (_, index) => `${tag}${index}`)
    await Promise.all(counters.map((key) => cluster.set(key, 0)))
    const view = cluster.with({ once: true })
    let calls = 0
    const running: Promise<unknown>[] = []
    const callAll = (): void => {
      calls += 1
      running.push(...counters.map((key) => view.incr(key)))
    }
    await setup.migrate(slotOfKey(tag), from(tag), next(tag), async () => {
      callAll()
      await setup.admin(from(tag)).call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
      await pause(5)
    })
    callAll()
    await Promise.all(running)
    for (const key of counters) expect(await cluster.get(key)).toBe(String(calls))
  })

  it('takes a redirect for the word of a script where the node knows nothing of it', async () => {
    await cluster.set('n', 0)
    const slot = slotOfKey('n')
    const once = cluster.with({ retry: 'never' })
    for (const text of [
      `ASK ${slot} 127.0.0.1:1`,
      `MOVED ${slot} 127.0.0.1:1`,
      'MOVED 0 127.0.0.1:1',
      'TRYAGAIN later',
    ]) {
      const pretend = script(`redis.call("INCR", KEYS[1]) return redis.error_reply("${text}")`)
      await expect(once.run(pretend, ['n'], [])).rejects.toMatchObject({ message: expect.stringContaining(text) })
    }
    expect(await cluster.get('n')).toBe('4')
  })

  it('makes a graceful failover unseen', async () => {
    await cluster.connect()
    const load = new ClusterLoad(cluster, keys)
    await load.progress(10)
    const master = from('list:0')
    const slots = JSON.stringify(cluster.nodes().find(({ port }) => port === setup.servers[master]?.port)?.slots)
    const id = await setup.idOf(master)
    const replica = cluster.nodes().find((node) => node.master === id)
    const index = setup.servers.findIndex(({ port }) => port === replica?.port)
    await setup.admin(index).call('CLUSTER', 'FAILOVER')
    await setup.until(async () => (await setup.admin(index).call<unknown[]>('ROLE'))[0] === 'master')
    await load.progress(20)
    expect(await load.judge()).toMatchObject({ ...right, rejected: {}, lost: 0 })
    // A view shows that all slots of the master have moved, not only those that were called for.
    const taken = (): unknown => JSON.stringify(cluster.nodes().find(({ id: other }) => other === replica?.id)?.slots)
    await setup.until(async () => taken() === slots)
    // The old master is a replica now. If it is missing in two views, it is forgotten.
    await setup.until(async () => cluster.nodes().every(({ role }) => role !== 'unknown'))
  })

  describe('with readFrom: replica', () => {
    const names = Array.from({ length: 12 }, (_, index) => `read:${index}`)

    /** How many times each server has run a command since `before`. */
    async function ran(command: string): Promise<number[]> {
      const lists = await Promise.all(
        setup.servers.map((_, index) => setup.admin(index).call<string>('INFO', 'commandstats')),
      )
      return lists.map((text) => Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(text)?.[1] ?? 0))
    }

    const rolesOf = (): Promise<unknown[]> =>
      Promise.all(setup.servers.map(async (_, index) => (await setup.admin(index).call<unknown[]>('ROLE'))[0]))

    /** What a call makes masters and replicas run. */
    async function runBy(
      command: string,
      call: () => Promise<unknown>,
    ): Promise<{ masters: number; replicas: number }> {
      const before = await ran(command)
      await call()
      const after = await ran(command)
      const counts = { masters: 0, replicas: 0 }
      for (const [index, role] of (await rolesOf()).entries()) {
        counts[role === 'master' ? 'masters' : 'replicas'] += (after[index] as number) - (before[index] as number)
      }
      return counts
    }

    const readAll = (each: Pick<Cluster, 'get'>): Promise<unknown> => Promise.all(names.map((name) => each.get(name)))

    /** A cluster whose reads are answered by replicas. */
    async function reading(more: ClusterOptions = {}): Promise<Cluster> {
      const each = createCluster(setup.seeds, { ...options, ...more, readFrom: 'replica' }) as Cluster
      // Until the connections are there, masters answer.
      await setup.until(async () => (await runBy('get', () => readAll(each))).masters === 0)
      return each
    }

    beforeAll(async () => {
      await Promise.all(names.map((name) => cluster.set(name, name)))
      for (const name of names) await cluster.with({ route: name }).wait(1, 5_000)
    })

    it('sends what only reads keys to replicas, and everything else to masters', async () => {
      const replicas = await reading()
      const readOnly = script('return redis.call("GET", KEYS[1])', { readOnly: true })
      const writing = script('return redis.call("GET", KEYS[1])')
      const [name = ''] = names
      const only = { masters: 0, replicas: names.length }
      expect(await runBy('get', () => readAll(replicas))).toEqual(only)
      expect(await runBy('mget', () => replicas.mget('{r}1', '{r}2'))).toEqual({ masters: 0, replicas: 1 })
      expect(await runBy('exec', () => replicas.multi().get(name).strlen(name).exec())).toEqual({
        masters: 0,
        replicas: 1,
      })
      expect(await runBy('eval_ro', () => replicas.run(readOnly, [name], []))).toEqual({ masters: 0, replicas: 1 })
      expect(await runBy('eval', () => replicas.run(writing, [name], []))).toEqual({ masters: 1, replicas: 0 })
      expect(await runBy('touch', () => replicas.touch(name))).toEqual({ masters: 1, replicas: 0 })
      expect(await runBy('exec', () => replicas.multi().get(name).touch(name).exec())).toMatchObject({ masters: 1 })
      expect(await runBy('bitfield', () => replicas.bitfield(name, 'GET', 'u8', 0))).toMatchObject({ masters: 1 })
      expect(await runBy('get', () => readAll(replicas.with({ readFrom: 'master' })))).toEqual({
        masters: names.length,
        replicas: 0,
      })
      await replicas.close()
      expect(replicas.stats().inFlight).toBe(0)
    })

    it('can be chosen for single calls', async () => {
      const each = cluster.with({ readFrom: 'replica' })
      await setup.until(async () => (await runBy('get', () => readAll(each))).masters === 0)
      expect(await runBy('get', () => readAll(cluster))).toEqual({ masters: names.length, replicas: 0 })
    })

    const replicaIndexes = async (): Promise<number[]> =>
      (await rolesOf()).flatMap((role, index) => (role === 'master' ? [] : [index]))

    it('reads on where the connections to replicas are cut, and where replicas are silent', async () => {
      const replicas = await reading({ suspectAfter: 100 })
      const values = (): Promise<unknown> => Promise.all(names.map((name) => replicas.get(name)))
      const indexes = await replicaIndexes()
      for (let round = 0; round < 3; round += 1) {
        const reads = values()
        await Promise.all(
          indexes.map((index) => setup.admin(index).call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')),
        )
        expect(await reads).toEqual(names)
        expect(await values()).toEqual(names)
      }
      await setup.until(async () => (await runBy('get', values)).masters === 0)
      const stopped = indexes.map((index) => setup.servers[index] as TestServer)
      await Promise.all(stopped.map((server) => server.kill('SIGSTOP')))
      try {
        const begin = performance.now()
        expect(await values()).toEqual(names)
        expect(performance.now() - begin).toBeLessThan(600)
      } finally {
        await Promise.all(stopped.map((server) => server.kill('SIGCONT')))
      }
      expect(await values()).toEqual(names)
      await replicas.close()
    })

    it('makes a graceful failover unseen', async () => {
      const replicas = await reading()
      const [index = 0] = await replicaIndexes()
      let isOver = false
      const reads = (async () => {
        while (!isOver) expect(await Promise.all(names.map((name) => replicas.get(name)))).toEqual(names)
      })()
      await setup.admin(index).call('CLUSTER', 'FAILOVER')
      await setup.until(async () => (await setup.admin(index).call<unknown[]>('ROLE'))[0] === 'master')
      await pause(100)
      isOver = true
      await reads
      await replicas.close()
      // The other client has to know it, too, for the next tests.
      const isKnown = ({ port, role }: ClusterNode): boolean => role === 'master' && port === setup.servers[index]?.port
      await setup.until(async () => {
        await readAll(cluster)
        return cluster.nodes().some(isKnown)
      })
    })

    it('reads from masters where the user may not run READONLY, and says so', async () => {
      const rules = ['on', '>pw', '~*', '+@all', '-readonly']
      for (const index of setup.servers.keys()) await setup.admin(index).call('ACL', 'SETUSER', 'reader', ...rules)
      const user = { username: 'reader', password: 'pw' }
      const each = createCluster(setup.seeds, { ...options, ...user, readFrom: 'replica' }) as Cluster
      const errors: string[] = []
      each.on('error', (error) => errors.push(error.message))
      await setup.until(async () => {
        expect(await Promise.all(names.map((name) => each.get(name)))).toEqual(names)
        return errors.length >= 3
      })
      expect(errors.every((text) => text.includes('NOPERM'))).toBe(true)
      expect(await runBy('get', () => readAll(each))).toEqual({ masters: names.length, replicas: 0 })
      await each.close()
    })

    it('reads from masters what is in a slot that moves, once a redirect has shown that', async () => {
      const tag = '{read}'
      const inSlot = Array.from({ length: 20 }, (_, index) => `${tag}${index}`)
      await Promise.all(inSlot.map((name) => cluster.set(name, name)))
      const replicas = await reading()
      await setup.migrate(slotOfKey(tag), from(tag), next(tag), async () => {
        // Those that have moved are redirected. A replica of Redis would say that they do not exist.
        await Promise.all(inSlot.map((name) => replicas.set(name, name)))
        expect(await Promise.all(inSlot.map((name) => replicas.get(name)))).toEqual(inSlot)
      })
      expect(await Promise.all(inSlot.map((name) => replicas.mget(name)))).toEqual(inSlot.map((name) => [name]))
      await replicas.close()
    })
  })

  it('can be duplicated, with other options', async () => {
    await cluster.set('copied', 'value')
    const copy = cluster.duplicate({ buffers: true, readFrom: 'replica' })
    const same = copy.duplicate({ readFrom: undefined })
    expect(await copy.get('copied')).toEqual(Buffer.from('value'))
    expect(await same.get('copied')).toEqual(Buffer.from('value'))
    expect(() => cluster.duplicate({ database: 1 } as never)).toThrow('invalid option database')
    expect(() => cluster.duplicate(1 as never)).toThrow('expected a plain object')
    await Promise.all([copy.close(), same.close()])
    expect(await cluster.get('copied')).toBe('value')
  })

  it('authenticates every connection again before the credentials expire, and when it is asked to', async () => {
    for (const index of setup.servers.keys()) {
      for (const name of ['one', 'two', 'three']) {
        await setup.admin(index).call('ACL', 'SETUSER', name, 'on', `>${name}`, '~*', '&*', '+@all')
      }
    }
    let username = 'one'
    const client = createCluster(setup.seeds, {
      ...options,
      clientName: 'renewed',
      readFrom: 'replica',
      // The first ones expire soon, however late a connection asks for them.
      credentials: () => ({
        username,
        password: username,
        ...(username === 'one' ? { expiresAt: Date.now() + 200 } : {}),
      }),
    }) as Cluster
    /** The users of the connections. */
    const users = async (): Promise<string[]> => {
      const lists = await Promise.all(
        setup.servers.map((_, index) => setup.admin(index).call<string>('CLIENT', 'LIST')),
      )
      const lines = lists
        .join('\n')
        .split('\n')
        .filter((line) => line.includes('name=renewed '))
      return lines.map((line) => /user=(\S+)/.exec(line)?.[1] ?? '')
    }
    const subscription = client.subscribe('news', { onMessage: () => {} })
    const shard = client.ssubscribe('news', { onMessage: () => {} })
    await Promise.all([subscription.ready, shard.ready])
    await setup.until(async () => {
      await Promise.all(keys.map((key) => client.exists(key)))
      return client.nodes().length === 6 && (await users()).length >= 8
    })
    await client.blpop('{none}', 0.01)
    username = 'two'
    // With RESP2, the connections of subscriptions are replaced, so they may be missing for a moment.
    const are = async (name: string): Promise<boolean> => {
      const all = await users()
      return all.length >= 9 && all.every((user) => user === name)
    }
    await setup.until(() => are('two'))
    username = 'three'
    await client.reauthenticate()
    await setup.until(() => are('three'))
    expect(await Promise.all(keys.map((key) => client.set(`new:${key}`, key)))).toEqual(keys.map(() => 'OK'))
    username = 'nobody'
    await expect(client.reauthenticate()).rejects.toMatchObject({ code: 'HANDSHAKE_FAILED', fate: 'not-executed' })
    await client.close()
  })

  it('disturbs nobody else when the connections to one node are cut', async () => {
    await cluster.connect()
    const [own, others] = keysOf(cluster, setup, from('list:0'))
    const load = new ClusterLoad(cluster, keys)
    await load.progress(10)
    await setup.admin(from('list:0')).call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
    await load.progress(20, own)
    const report = await load.judge()
    expect(report).toMatchObject({ ...right, lost: 0 })
    expect(Object.keys(report.rejected).filter((name) => name !== 'CONNECTION_LOST unknown')).toEqual([])
    expect(load.rejectedKeys().filter((key) => others.includes(key))).toEqual([])
  })

  it('lets a blocked pop follow its slot, with the time that is left', async () => {
    const key = 'queue'
    await cluster.connect()
    const popped = cluster.blpop(key, 20)
    await setup.until(async () =>
      (await setup.admin(from(key)).call<string>('INFO', 'clients')).includes('blocked_clients:1'),
    )
    await setup.migrate(slotOfKey(key), from(key), next(key))
    await cluster.rpush(key, 'element')
    expect(await popped).toEqual([key, 'element'])
    const controller = new AbortController()
    const given = cluster.with({ signal: controller.signal }).blpop(key, 20)
    await pause(20)
    controller.abort()
    await expect(given).rejects.toMatchObject({ code: 'ABORT_ERR', fate: 'not-executed' })
  })

  it('keeps subscriptions, and tells the gap when the slot of a shard channel moves', async () => {
    const messages: string[] = []
    let gaps = 0
    const channel = '{shard}news'
    const onMessage = ({ message }: { readonly message: string }): number => messages.push(message)
    const shard = cluster.ssubscribe(channel, {
      onMessage,
      onGap: () => {
        gaps += 1
      },
    })
    const any = cluster.subscribe('news', { onMessage })
    await Promise.all([shard.ready, any.ready])
    await cluster.publish('news', 'classic')
    await cluster.spublish(channel, 'before')
    await setup.until(async () => messages.length === 2)
    await setup.migrate(slotOfKey(channel), from(channel), next(channel))
    await setup.until(async () => gaps === 1)
    await cluster.spublish(channel, 'after')
    await setup.until(async () => messages.length === 3)
    expect(messages.sort()).toEqual(['after', 'before', 'classic'])
    shard.close()
    any.close()
    expect(() => cluster.ssubscribe(['a', 'b'])).toThrow('its channels have different slots')
  })

  it('scans all slots, also while one moves', async () => {
    const names = Array.from({ length: 200 }, (_, index) => `scan:${index}{s${index % 7}}`)
    await Promise.all(names.map((name) => cluster.set(name, 1)))
    const seen = new Set<string>()
    let moving: Promise<void> | undefined
    for await (const key of cluster.scanIterator({ match: 'scan:*', count: 20 })) {
      moving ??= setup.migrate(slotOfKey('{s3}'), from('{s3}'), next('{s3}'), () => pause(1))
      seen.add(key)
    }
    await moving
    expect(names.filter((name) => !seen.has(name))).toEqual([])
  })

  it('settles everything when it is closed, with work under way', async () => {
    const other = createCluster(setup.seeds, options) as Cluster
    await other.connect()
    const load = new ClusterLoad(other, keys, 1)
    await load.progress(3)
    const popped = other.blpop('never', 0)
    const rejection = expect(popped).rejects.toMatchObject({ code: 'CLIENT_CLOSED', fate: 'not-executed' })
    await pause(20)
    await other.close()
    await rejection
    expect(other.inFlight()).toEqual([])
    await expect(other.get('a')).rejects.toMatchObject({ code: 'CLIENT_CLOSED' })
    load.stop()
  })

  it('rejects the first connect when no seed answers, and works once one does', async () => {
    const nobody = createCluster([{ host: '127.0.0.1', port: 1 }], { ...options, connectDeadline: 300 })
    await expect(nobody.connect()).rejects.toMatchObject({ code: 'CONNECT_FAILED', fate: 'not-executed' })
    await expect(nobody.get('a')).rejects.toMatchObject({ code: 'CONNECT_FAILED', fate: 'not-executed' })
    nobody.destroy()
    const some = createCluster(['redis://127.0.0.1:1', ...setup.seeds], options)
    await some.connect()
    expect(await some.set('a', 1)).toBe('OK')
    await some.close()
  })

  it('says at once that the credentials are wrong', async () => {
    const wrong = createCluster(setup.seeds, { ...options, username: 'nobody', password: 'wrong' })
    await expect(wrong.connect()).rejects.toMatchObject({ code: 'HANDSHAKE_FAILED', fate: 'not-executed' })
    wrong.destroy()
  })
}

/** What holds when servers fail: half a minute. */
export function describeFailures(program: string, options: ClusterOptions = {}): void {
  /** Does something to the master of some keys, under load; then its replica takes its place. */
  async function underLoad(
    strike: (setup: ClusterSetup, master: TestServer) => Promise<void>,
    check: (report: LoadReport, recoveredAfter: number) => void,
    afterwards: (setup: ClusterSetup, master: TestServer, load: ClusterLoad) => Promise<void> = async () => {},
  ): Promise<void> {
    const setup = await startCluster(program)
    const cluster = createCluster(setup.seeds, options) as Cluster
    try {
      await cluster.connect()
      const [own] = keysOf(cluster, setup, 0)
      const load = new ClusterLoad(cluster, keys)
      await load.progress(20)
      await strike(setup, setup.servers[0] as TestServer)
      await setup.until(async () => (await setup.admin(3).call<unknown[]>('ROLE'))[0] === 'master')
      const promotedAt = performance.now()
      await load.progress(1, own)
      const recoveredAfter = performance.now() - promotedAt
      await afterwards(setup, setup.servers[0] as TestServer, load)
      await load.progress(20)
      check(await load.judge(), recoveredAfter)
      await cluster.close()
    } finally {
      cluster.destroy()
      await setup.stop()
    }
  }

  const isTrue = (report: LoadReport, recoveredAfter: number): void => {
    expect(report).toMatchObject(right)
    const others = Object.keys(report.rejected).filter(
      (name) => !['CONNECTION_LOST unknown', 'REPLY_ERROR not-executed', 'TIMEOUT not-executed'].includes(name),
    )
    expect(others).toEqual([])
    // The servers' own state takes a while, too: they say CLUSTERDOWN until all agree.
    expect(recoveredAfter).toBeLessThan(1_500)
  }

  it('tells true fates and keeps the order when a master is killed', () =>
    underLoad((_, master) => master.kill('SIGKILL'), isTrue))

  it('leaves a master that is stopped, and believes nothing that it says when it wakes', () =>
    underLoad(
      (_, master) => master.kill('SIGSTOP'),
      isTrue,
      async (_, master, load) => {
        await master.kill('SIGCONT')
        await load.progress(30)
      },
    ))

  it('leads sessions to the new master, and ends one at a silent master that others have replaced', async () => {
    const setup = await startCluster(program)
    const more = { connectTimeout: 1_000, blocking: { acquireTimeout: 20_000 } }
    const cluster = createCluster(setup.seeds, { ...options, ...more }) as Cluster
    try {
      await Promise.all(keys.map((key) => cluster.set(key, key)))
      const [[key = '', other = '']] = keysOf(cluster, setup, 0)
      let begin = (): void => {}
      let goOn = (): void => {}
      const hasBegun = new Promise<void>((resolve) => {
        begin = resolve
      })
      const isReplaced = new Promise<void>((resolve) => {
        goOn = resolve
      })
      const old = cluster.session(key, async (session) => {
        await session.ping()
        begin()
        await isReplaced
        return session.get(key)
      })
      await hasBegun
      await setup.servers[0]?.kill('SIGSTOP')
      expect(await cluster.session(other, (session) => session.set(other, 'again'))).toBe('OK')
      goOn()
      const wentOnAt = performance.now()
      await expect(old).rejects.toMatchObject({ code: 'SESSION_LOST' })
      expect(performance.now() - wentOnAt).toBeLessThan(2_000)
      expect(await cluster.session(key, (session) => session.get(other))).toBe('again')
    } finally {
      cluster.destroy()
      await setup.stop()
    }
  })

  it('reads on at replicas when a master is killed', async () => {
    const setup = await startCluster(program)
    const cluster = createCluster(setup.seeds, { ...options, readFrom: 'replica' }) as Cluster
    try {
      await Promise.all(keys.map((key) => cluster.set(key, key)))
      for (const key of keys) await cluster.with({ route: key }).wait(1, 5_000)
      const values = (): Promise<unknown> => Promise.all(keys.map((key) => cluster.get(key)))
      await setup.until(async () => {
        expect(await values()).toEqual(keys)
        const { nodes } = cluster.stats()
        return cluster.nodes().every(({ id, role }) => role !== 'replica' || (nodes[id]?.answered ?? 0) > 1)
      })
      await setup.servers[0]?.kill('SIGKILL')
      const killedAt = performance.now()
      while (performance.now() - killedAt < 300) expect(await values()).toEqual(keys)
      // No read has waited for another master: the servers themselves have not noticed anything yet.
      expect(performance.now() - killedAt).toBeLessThan(nodeTimeoutMs)
      await setup.until(async () => {
        expect(await values()).toEqual(keys)
        return (await setup.admin(3).call<unknown[]>('ROLE'))[0] === 'master'
      })
      expect(await values()).toEqual(keys)
      await cluster.close()
    } finally {
      cluster.destroy()
      await setup.stop()
    }
  })

  it('goes on when a node hands over its slots, and is reset and forgotten, while nothing is called', async () => {
    const setup = await startCluster(program, { masters: 4, replicas: 0 })
    const cluster = createCluster(setup.seeds, options) as Cluster
    try {
      await Promise.all(keys.map((key) => cluster.set(key, key)))
      const id = await setup.idOf(1)
      const ids = [await setup.idOf(0)]
      // As tools do: the slots first, then the node. Its keys are lost; they are not what this is about.
      await setup.admin(1).call('FLUSHALL')
      // With the highest epoch, its claim counts.
      await setup.admin(0).call('CLUSTER', 'BUMPEPOCH')
      const slots = Array.from({ length: 4_096 }, (_, index) => 4_096 + index)
      const assign = (index: number): Promise<unknown> =>
        Promise.all(slots.map((slot) => setup.admin(index).call('CLUSTER', 'SETSLOT', slot, 'NODE', ids[0] as string)))
      await Promise.all([0, 2, 3, 1].map(assign))
      await setup.admin(1).call('CLUSTER', 'RESET', 'HARD')
      await Promise.all([0, 2, 3].map((index) => setup.admin(index).call('CLUSTER', 'FORGET', id)))
      await Promise.all(keys.map((key) => cluster.set(key, 'again')))
      expect(await Promise.all(keys.map((key) => cluster.get(key)))).toEqual(keys.map(() => 'again'))
    } finally {
      cluster.destroy()
      await setup.stop()
    }
  })

  it('reaches servers that leave their host out', async () => {
    const endpoint = ['--cluster-preferred-endpoint-type', 'unknown-endpoint']
    const setup = await startCluster(program, { replicas: 0, args: endpoint })
    const cluster = createCluster(setup.seeds, options) as Cluster
    try {
      await Promise.all(keys.map((key) => cluster.set(key, key)))
      const tag = '{null}'
      await cluster.set(tag, 1)
      await setup.migrate(slotOfKey(tag), ownerOf(cluster, setup, tag), (ownerOf(cluster, setup, tag) + 1) % 3)
      expect(await cluster.get(tag)).toBe('1')
    } finally {
      cluster.destroy()
      await setup.stop()
    }
  })

  it('connects by TLS and with a password to every node, and follows redirects there', async () => {
    const certificates = mkdtempSync(join(tmpdir(), 'respite-keys-'))
    const { cert } = selfSigned(certificates)
    const setup = await startCluster(program, { password: 'secret', replicas: 0, certificates })
    const seeds = setup.tlsPorts.slice(0, 1).map((port) => ({ host: '127.0.0.1', port }))
    const tls = { ca: cert, servername: 'localhost' }
    const cluster = createCluster(seeds, { ...options, password: 'secret', tls }) as Cluster
    try {
      await Promise.all(keys.map((key) => cluster.set(key, key)))
      expect(await Promise.all(keys.map((key) => cluster.get(key)))).toEqual(keys)
      expect(cluster.nodes().map(({ port }) => port)).toEqual(expect.arrayContaining([...setup.tlsPorts]))
      const tag = '{tls}'
      await cluster.set(tag, 1)
      const owner = setup.tlsPorts.indexOf(portOf(cluster, tag))
      const subscription = cluster.ssubscribe(tag)
      await subscription.ready
      await setup.migrate(slotOfKey(tag), owner, (owner + 1) % 3)
      expect(await cluster.incr(tag)).toBe(2)
      expect(portOf(cluster, tag)).toBe(setup.tlsPorts[(owner + 1) % 3])
      subscription.close()
    } finally {
      cluster.destroy()
      await setup.stop()
      rmSync(certificates, { recursive: true })
    }
  })

  it('reaches nodes where mapAddress says that they are', async () => {
    const setup = await startCluster(program, { replicas: 0 })
    const ports = setup.servers.map(({ port }) => port)
    // Ports at which nobody listens.
    for (const index of ports.keys()) await setup.admin(index).call('CONFIG', 'SET', 'cluster-announce-port', index + 1)
    await setup.until(async () => {
      const views = await Promise.all(ports.map((_, index) => setup.admin(index).call<string>('CLUSTER', 'NODES')))
      return views.every((view) => ports.every((_, index) => view.includes(`127.0.0.1:${index + 1}@`)))
    })
    const mapAddress: ClusterOptions['mapAddress'] = ({ host, port }) => ({ host, port: ports[port - 1] as number })
    const cluster = createCluster(setup.seeds[0] as string, { ...options, mapAddress }) as Cluster
    try {
      await Promise.all(keys.map((key) => cluster.set(key, key)))
      const tag = '{mapped}'
      await cluster.set(tag, 1)
      const owner = ports.indexOf(portOf(cluster, tag))
      await setup.migrate(slotOfKey(tag), owner, (owner + 1) % 3, async () => {
        expect(await cluster.get(tag)).toBe('1')
      })
      expect(await cluster.incr(tag)).toBe(2)
      expect(await Promise.all(keys.map((key) => cluster.get(key)))).toEqual(keys)
      expect(cluster.nodes()).toHaveLength(3)
    } finally {
      cluster.destroy()
      await setup.stop()
    }
  })
}
