import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { lookup } from '../../src/commands/catalogue.js'
import { prefixKeys } from '../../src/commands/key-prefix.js'
import { type Client, createClient, script, UsageError } from '../../src/index.js'
import { type Argument, ErrorReply } from '../../src/protocol/types.js'
import { callOf, readForms } from '../classes/forms.js'
import { World } from '../classes/world.js'
import { Chance } from '../simulation/chance.js'
import { nameOf, sampleOfPrograms, serverPrograms, startServer, type TestServer } from '../support/server.js'

describe.each(serverPrograms().map((program) => [nameOf(program), program] as const))(
  'keyPrefix on %s',
  (_, program) => {
    let server: TestServer
    let client: Client
    let plain: Client
    beforeAll(async () => {
      // On a busy machine, any command may be slow enough to change the slow log.
      server = await startServer(program, ['--slowlog-log-slower-than', '-1'])
    })
    afterAll(() => server.stop())
    beforeEach(async () => {
      client = createClient({ url: server.url, keyPrefix: 'a:*?[' })
      plain = createClient(server.url)
      await plain.call('FLUSHALL')
      await plain.call('MSET', 'k', 'theirs', 'w_1', '9', 'a:*', 'theirs')
    })
    afterEach(() => Promise.all([client.close(), plain.close()]))

    it('covers keys of any command', async () => {
      await client.set('k', 'ours')
      expect(await client.call('COPY', 'k', 'k2')).toBe(1)
      expect(await plain.mget('k', 'a:*?[k', 'a:*?[k2')).toEqual(['theirs', 'ours', 'ours'])
    })

    it('covers transactions and scripts', async () => {
      await client.multi().set('t', '1').call('BITOP', 'OR', 'd', 't', 't').exec()
      await client.run(script("return redis.call('SET', KEYS[1], ARGV[1])"), ['s'], ['v'])
      expect(await plain.exists('a:*?[t', 'a:*?[d', 'a:*?[s')).toBe(3)
    })

    it('covers XREAD', async () => {
      await client.xadd('x', '1-1', { f: 'v' })
      expect(await client.xread('STREAMS', 'x', '0')).toEqual({ 'a:*?[x': [{ id: '1-1', fields: [['f', 'v']] }] })
    })

    it('covers KEYS and SCAN alike, whose replies name keys in full', async () => {
      await client.set('k', 'ours')
      await client.set('l', 'ours')
      expect(await client.keys('k*')).toEqual(['a:*?[k'])
      expect((await client.keys('*')).sort()).toEqual(['a:*?[k', 'a:*?[l'])
      const scanned: string[] = []
      for await (const key of client.scanIterator()) scanned.push(key)
      expect(scanned.sort()).toEqual(['a:*?[k', 'a:*?[l'])
      for await (const key of client.scanIterator({ match: 'k*' })) expect(key).toBe('a:*?[k')
      expect((await client.scan(0, 'COUNT', 1_000)).elements.length).toBe(2)
    })

    it('refuses what it can not cover, and sends nothing', async () => {
      for (const args of [
        ['NO.SUCH', 'k'],
        ['DEBUG', 'OBJECT', 'k'],
        ['SORT', 'k', 'BY', 'w_*'],
      ] as const) {
        const refused = client.call(...(args as unknown as [string, ...string[]]))
        await expect(refused).rejects.toBeInstanceOf(UsageError)
        await expect(refused).rejects.toMatchObject({ fate: 'not-executed', command: args[0] })
      }
      await expect(client.multi().set('t', '1').call('NO.SUCH').exec()).rejects.toBeInstanceOf(UsageError)
      expect(await plain.exists('a:*?[t')).toBe(0)
    })

    it('covers the patterns of SORT', async () => {
      const other = createClient({ url: server.url, keyPrefix: 'b:' })
      await other.call('RPUSH', 'l', '2', '1')
      await other.call('MSET', 'w_1', '1', 'w_2', '2', 'o_1', 'one', 'o_2', 'two')
      await other.call('SORT', 'l', 'BY', 'w_*', 'GET', '#', 'GET', 'o_*', 'STORE', 'd')
      expect(await plain.lrange('b:d', 0, -1)).toEqual(['1', 'one', '2', 'two'])
      await other.close()
    })

    // The default run tries one server.
    const isTried = sampleOfPrograms().includes(program)
    it.runIf(isTried)(
      'leaves nobody else’s key touched, whatever the command',
      async () => {
        const world = await World.open(server.port)
        const wrong: string[] = []
        /** Commands that the server did not refuse. */
        let ran = 0
        // Whole databases are not a key's; nor does a user, a script or a setting have one.
        const whole =
          /^(FLUSHALL|FLUSHDB|SWAPDB|ACL|CONFIG|FUNCTION|SCRIPT|SLOWLOG|CLIENT|LATENCY|MEMORY PURGE|BG|SAVE)/
        for (const [seed, form] of readForms('forms.txt').entries()) {
          const chance = new Chance(seed)
          await world.build(chance)
          const args = callOf(form, chance, world.fillBy(chance))
          const descriptor = lookup(args)
          if (whole.test(descriptor.name) || descriptor.keys === 'unknown') continue
          const before = await world.read()
          const reply = await world.wire.send(...(prefixKeys(descriptor, args, 'p:') as Argument[]))
          if (!(reply instanceof ErrorReply)) ran += 1
          const after = await world.read()
          for (const [key, text] of before.texts) {
            if (after.texts.get(key) !== text) wrong.push(`${args.join(' ')}: ${key}`)
          }
        }
        world.close()
        expect(wrong).toEqual([])
        expect(ran).toBeGreaterThan(150)
      },
      60_000,
    )
  },
)
