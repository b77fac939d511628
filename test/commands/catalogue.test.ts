import { describe, expect, it } from 'vitest'
import { decodeCatalogue, lookup, retryClassOf } from '../../src/commands/catalogue.js'
import { prefixKeys } from '../../src/commands/key-prefix.js'
import { allowsReplay, type RetryClass } from '../../src/commands/retry.js'
import { UsageError } from '../../src/errors.js'
import type { RetryPolicy } from '../../src/options/options.js'
import { nameOf, serverPrograms, startServer } from '../support/server.js'
import { Wire } from '../support/wire.js'

const classOf = (...args: string[]): RetryClass => retryClassOf(lookup(args), args)

describe('the retry class of a command, by its arguments', () => {
  it.each<[RetryClass, string]>([
    ['read', 'GET k'],
    ['read', 'HGETALL k'],
    ['read', 'LRANGE k 0 -1'],
    ['read', 'XREAD STREAMS k 0'],
    ['read', 'PING'],
    ['read', 'EVAL_RO s 0'],
    ['read', 'EVALSHA_RO s 0'],
    ['read', 'FCALL_RO f 0'],
    ['read', 'GETEX k'],
    ['convergent', 'GETEX k EX 10'],
    ['idempotent', 'SET k v'],
    ['idempotent', 'SET k v EX 10'],
    ['unsafe', 'SET k v KEEPTTL'],
    ['unsafe', 'HSETEX h KEEPTTL FIELDS 1 f v'],
    ['unsafe', 'MSETEX 1 k v KEEPTTL'],
    ['convergent', 'SET k v XX'],
    ['convergent', 'SET k v GET'],
    ['unsafe', 'SET k v NX'],
    ['unsafe', 'set k v nx ex 10'],
    ['unsafe', 'SET k v IFEQ old'],
    ['unsafe', 'SET k v IFNE old'],
    ['unsafe', 'SET k v IFDEQ digest'],
    ['idempotent', 'MSET a 1 b 2'],
    ['unsafe', 'MSETNX a 1'],
    ['unsafe', 'SETNX k v'],
    ['unsafe', 'GETEX k EXAT 1'],
    ['unsafe', 'getex k pxat 1'],
    ['convergent', 'GETEX k px 10'],
    ['idempotent', 'GETEX k PERSIST'],
    ['convergent', 'EXPIRE k 10'],
    ['convergent', 'PEXPIREAT k 99999999999999'],
    ['convergent', 'HEXPIRE k 10 FIELDS 1 f'],
    ['idempotent', 'SCRIPT LOAD s'],
    ['idempotent', 'CONFIG SET a b'],
    ['convergent', 'DEL k'],
    ['convergent', 'UNLINK k'],
    ['convergent', 'HSET k f v'],
    ['unsafe', 'HSETNX k f v'],
    ['convergent', 'SADD k m'],
    ['convergent', 'SREM k m'],
    ['convergent', 'ZADD k 1 m'],
    ['convergent', 'ZADD k NX 1 m'],
    ['unsafe', 'ZADD k INCR 1 m'],
    ['unsafe', 'zadd k xx incr 1 m'],
    ['read', 'SORT k'],
    ['idempotent', 'SORT k LIMIT 0 5 STORE d'],
    ['idempotent', 'sort k get STORE store d'],
    ['unsafe', 'SORT k BY w_* STORE w_1'],
    ['unsafe', 'SORT k GET *->f STORE d'],
    ['idempotent', 'SORT k BY w_* GET # STORE d'],
    ['unsafe', 'SORT k BY nosort LIMIT 0 1 STORE k'],
    ['read', 'SORT k BY STORE'],
    ['unsafe', 'SORT k LIMIT 1 5 STORE k'],
    ['unsafe', 'SORT k STORE d STORE k'],
    ['unsafe', 'INCR k'],
    ['unsafe', 'LPUSH k v'],
    ['unsafe', 'LTRIM k 1 -1'],
    ['unsafe', 'APPEND k v'],
    ['unsafe', 'SPOP k'],
    ['unsafe', 'GETDEL k'],
    ['unsafe', 'XADD k * f v'],
    ['unsafe', 'XADD k 1-1 f v'],
    ['unsafe', 'EVAL s 0'],
    ['unsafe', 'PUBLISH c m'],
    ['unsafe', 'RENAME a b'],
    ['unsafe', 'SOME.MODULE k'],
    ['unsafe', 'COPY a b'],
    ['idempotent', 'COPY a b DB 1 REPLACE'],
    ['unsafe', 'COPY a REPLACE'],
    ['unsafe', 'RESTORE k 0 REPLACE'],
    ['idempotent', 'RESTORE k 0 dump REPLACE'],
    ['read', 'BITFIELD k GET u4 0'],
    ['convergent', 'BITFIELD k GET u4 0 SET u4 0 1'],
    ['unsafe', 'BITFIELD k SET u4 0 1 INCRBY u4 0 1'],
    ['idempotent', 'BITOP OR a a b'],
    ['unsafe', 'BITOP XOR a b a'],
    ['idempotent', 'BITOP NOT a b'],
    ['idempotent', 'SDIFFSTORE a a b'],
    ['unsafe', 'SDIFFSTORE a b a'],
    ['unsafe', 'ZUNIONSTORE a 2 b a'],
    ['idempotent', 'ZUNIONSTORE a 2 b c'],
    ['idempotent', 'ZDIFFSTORE a 2 a c'],
    ['unsafe', 'ZDIFFSTORE a 2 c a'],
    ['read', 'GEORADIUS k 1 2 3 km'],
    ['idempotent', 'GEORADIUS k 1 2 3 km STORE d'],
    ['unsafe', 'GEORADIUS k 1 2 3 km STOREDIST k'],
    ['unsafe', 'XREADGROUP GROUP g c STREAMS a >'],
    ['unsafe', 'XREADGROUP GROUP g c STREAMS a 0'],
    ['idempotent', 'XGROUP SETID s g 1-1'],
    ['unsafe', 'XGROUP SETID s g $'],
    ['unsafe', 'XTRIM k MAXLEN ~ 5'],
    ['convergent', 'XTRIM k MAXLEN 5'],
    ['read', 'HGETEX k FIELDS 1 f'],
    ['unsafe', 'HGETEX k EXAT 1 FIELDS 1 f'],
    ['unsafe', 'MSETEX 1 k v NX'],
    ['idempotent', 'MSETEX 1 k v EX 10'],
    ['unsafe', 'ACL SETUSER u (+get)'],
    ['convergent', 'ACL SETUSER u on'],
    ['idempotent', 'FUNCTION LOAD REPLACE code'],
    ['unsafe', 'FUNCTION LOAD REPLACED'],
    ['unsafe', 'CLIENT KILL ID 5'],
    ['unsafe', 'CLIENT KILL USER ID'],
    ['idempotent', 'JSON.SET k $.a [1]'],
    ['unsafe', 'JSON.SET k $.a[0] 1'],
    ['unsafe', 'JSON.SET k $..a 1'],
    ['unsafe', 'JSON.SET k $.a 1 NX'],
    ['convergent', 'JSON.SET k $.a 1 XX'],
    ['unsafe', 'JSON.MERGE k $ {"a":null}'],
    ['unsafe', 'JSON.MSET d $ {} d $.b 2'],
    ['convergent', 'JSON.DEL k $.a'],
    ['unsafe', 'JSON.DEL k $.a[0]'],
    ['read', 'FT.SEARCH i q LIMIT 0 5'],
    ['convergent', 'FT.SEARCH i q WITHCURSOR'],
    ['convergent', 'FT.HYBRID i SEARCH q VSIM @v $b WITHCURSOR'],
    ['read', 'COMMAND'],
    ['read', 'COMMAND COUNT'],
    ['unsafe', 'CLUSTER NOSUCH'],
  ])('%s: %s', (retryClass, line) => {
    expect(classOf(...line.split(' '))).toBe(retryClass)
  })

  it('is the same for any case of names, and for Buffers', () => {
    const args = [Buffer.from('set'), 'k', 'v', Buffer.from('nx')]
    expect(retryClassOf(lookup(args), args)).toBe('unsafe')
  })

  it('is a known class for every command in the table', () => {
    for (const descriptor of decodeCatalogue().values()) {
      expect(['read', 'idempotent', 'convergent', 'unsafe']).toContain(
        retryClassOf(descriptor, [descriptor.name, 'k', 'v']),
      )
    }
  })
})

describe('a retry policy', () => {
  const reach: Record<RetryPolicy, RetryClass[]> = {
    never: [],
    read: ['read'],
    idempotent: ['read', 'idempotent'],
    convergent: ['read', 'idempotent', 'convergent'],
    always: ['read', 'idempotent', 'convergent', 'unsafe'],
  }
  it.each(Object.entries(reach))('%s allows %j', (policy, classes) => {
    for (const retryClass of reach.always) {
      expect(allowsReplay(policy as RetryPolicy, retryClass)).toBe(classes.includes(retryClass))
    }
  })
})

describe('the command table knows', () => {
  it('which commands wait on the server', () => {
    const blocks = (line: string): boolean => lookup(line.split(' ')).wait?.(line.split(' ')) !== undefined
    for (const line of [
      'BLPOP k 1',
      'BLMOVE a b LEFT LEFT 0',
      'XREAD BLOCK 5 STREAMS k 0',
      'xreadgroup group g c block 1 streams k >',
    ]) {
      expect(blocks(line)).toBe(true)
    }
    const args = 'XREADGROUP GROUP streams c BLOCK 5 STREAMS k >'.split(' ')
    expect(lookup(args).wait?.(args)).toEqual({ position: 5, unit: 1 })
    for (const line of ['XREAD STREAMS k 0', 'XREADGROUP GROUP block block STREAMS block >', 'LPOP k'])
      expect(blocks(line)).toBe(false)
  })

  it('which commands change the state of their connection', () => {
    for (const line of [
      'SELECT 1',
      'WATCH k',
      'subscribe c',
      'CLIENT REPLY OFF',
      'client tracking on',
      'QUIT',
      'HELLO 3',
      'REPLCONF ACK 0',
      'script debug yes',
      'CLIENT CAPA redirect',
      'CLIENT IMPORT-SOURCE ON',
    ]) {
      expect(lookup(line.split(' ')).changesConnection).toEqual(expect.any(String))
    }
    expect(lookup(['CLIENT', 'ID']).changesConnection).toBeUndefined()
  })

  it('which commands run code of users or modules', () => {
    for (const line of ['EVAL s 0', 'FCALL_RO f 0', 'JSON.GET k', 'FUNCTION LOAD code', 'NO.SUCH', 'DEBUG SLEEP 0']) {
      expect(lookup(line.split(' ')).runsUserCode).toBe(true)
    }
    for (const line of ['GET k', 'SCRIPT LOAD s', 'VADD k', 'FUNCTION LIST']) {
      expect(lookup(line.split(' ')).runsUserCode).toBe(false)
    }
  })

  it.each([
    ['PING', 'any'],
    ['PUBLISH c m', 'any'],
    ['SCRIPT LOAD s', 'all'],
    ['DBSIZE', 'node'],
    ['KEYS *', 'node'],
    ['CONFIG GET a', 'node'],
    ['SELECT 1', 'never'],
    ['SWAPDB 0 1', 'never'],
    ['GET k', undefined],
    ['EVAL s 0', undefined],
    ['NO.SUCH', undefined],
  ])('where a command without keys may go in a cluster: %s: %s', (line, route) => {
    expect(lookup(line.split(' ')).route).toBe(route)
  })

  it('how long a command may wait, in all its forms', () => {
    const waitOf = (line: string): unknown => lookup(line.split(' ')).wait?.(line.split(' '))
    expect(waitOf('BLPOP a b 5')).toEqual({ position: 3, unit: 1_000 })
    expect(waitOf('BLMPOP 5 1 a LEFT')).toEqual({ position: 1, unit: 1_000 })
    expect(waitOf('BLMOVEM a b LEFT LEFT 5 COUNT 2')).toEqual({ position: 5, unit: 1_000 })
    expect(waitOf('TS.READ k 0 BLOCK 5 1')).toEqual({ position: 4, unit: 1 })
    expect(waitOf('TS.READ k 0')).toBeUndefined()
    expect(waitOf('WAIT 1 5')).toEqual({ position: 2, unit: 1 })
    expect(lookup(['WAITAOF']).waitsInPlace).toBe(true)
    expect(waitOf('SHUTDOWN')).toEqual({ position: 0, unit: 0 })
    expect(waitOf('shutdown nosave now')).toEqual({ position: 0, unit: 0 })
    expect(waitOf('SHUTDOWN abort')).toBeUndefined()
  })

  it.each([
    ['MGET a b', 'MGET p:a p:b'],
    ['MSET a 1 b 2', 'MSET p:a 1 p:b 2'],
    ['EVAL s 2 a b c', 'EVAL s 2 p:a p:b c'],
    ['XREAD COUNT 1 STREAMS a b 0 0', 'XREAD COUNT 1 STREAMS p:a p:b 0 0'],
    ['EVAL s 4294967296 a', 'EVAL s 4294967296 p:a'],
    ['XREADGROUP GROUP streams c STREAMS a >', 'XREADGROUP GROUP streams c STREAMS p:a >'],
    ['XREADGROUP GROUP g streams STREAMS streams >', 'XREADGROUP GROUP g streams STREAMS p:streams >'],
    ['SORT a STORE b', 'SORT p:a STORE p:b'],
    ['SORT a GET store STORE b', 'SORT p:a GET store STORE p:b'],
    ['SORT a STORE b STORE c', 'SORT p:a STORE b STORE p:c'],
    ['LMOVE a b LEFT RIGHT', 'LMOVE p:a p:b LEFT RIGHT'],
    ['OBJECT ENCODING a', 'OBJECT ENCODING p:a'],
    ['PUBLISH c m', 'PUBLISH c m'],
    ['SPUBLISH c m', 'SPUBLISH c m'],
    ['COPY a b', 'COPY p:a p:b'],
    ['MSETEX 2 a 1 b 2 EX 5', 'MSETEX 2 p:a 1 p:b 2 EX 5'],
    ['ZUNIONSTORE d 2 a b', 'ZUNIONSTORE p:d 2 p:a p:b'],
    ['GEORADIUS a 1 2 3 km COUNT 1 STORE b', 'GEORADIUS p:a 1 2 3 km COUNT 1 STORE p:b'],
    ['MIGRATE h 1 a 0 5', 'MIGRATE h 1 p:a 0 5'],
    ['SORT a BY w_*->f GET # GET o_* GET no', 'SORT p:a BY p:w_*->f GET # GET p:o_* GET no'],
    ['SORT_RO a BY nosort GET o_*', 'SORT_RO p:a BY nosort GET p:o_*'],
    ['KEYS a*', 'KEYS p:a*'],
    ['SCAN 0 match a* COUNT 5', 'SCAN 0 match p:a* COUNT 5'],
    ['SCAN 0 COUNT 5', 'SCAN 0 COUNT 5 MATCH p:*'],
    ['CLIENT TRACKING ON BCAST PREFIX a PREFIX b', 'CLIENT TRACKING ON BCAST PREFIX p:a PREFIX p:b'],
    ['CLIENT TRACKING ON REDIRECT 7 BCAST', 'CLIENT TRACKING ON REDIRECT 7 BCAST PREFIX p:'],
    ['CLIENT TRACKING ON', 'CLIENT TRACKING ON'],
    ['JSON.MGET a b $', 'JSON.MGET p:a p:b $'],
    ['CMS.MERGE d 2 a b WEIGHTS 1 2', 'CMS.MERGE p:d 2 p:a p:b WEIGHTS 1 2'],
  ])('which arguments are keys: %s', (line, prefixed) => {
    const args = line.split(' ')
    expect(prefixKeys(lookup(args), args, 'p:').join(' ')).toBe(prefixed)
  })

  it('that a prefix stands for itself in patterns', () => {
    const prefix = '[a]*?\\:'
    const of = (line: string): string => prefixKeys(lookup(line.split(' ')), line.split(' '), prefix).join(' ')
    expect(of('KEYS k*')).toBe('KEYS \\[a]\\*\\?\\\\:k*')
    expect(() => of('SORT k BY w_*')).toThrow(UsageError)
    expect(of('SORT k BY nosort')).toBe(`SORT ${prefix}k BY nosort`)
  })

  it.each(['NO.SUCH k', 'DEBUG OBJECT k', 'CLIENT NOSUCH'])(
    'that nothing is sent under a prefix whose keys are not known: %s',
    (line) => {
      expect(() => prefixKeys(lookup(line.split(' ')), line.split(' '), 'p:')).toThrow(UsageError)
    },
  )

  it('that binary keys stay binary with a prefix', () => {
    const args = ['GET', Buffer.from([0xff])]
    expect(prefixKeys(lookup(args), args, 'p')[1]).toEqual(Buffer.from([0x70, 0xff]))
  })

  it.each([null, undefined, Number.NaN, {}, ['a'], Symbol('s'), Object.create(null)])(
    'that an argument that cannot be sent is not an option word with a prefix either: %o',
    (key) => {
      const args = ['EVAL', 's', 1, key as string]
      expect(prefixKeys(lookup(args), args, 'p:')[3]).toBe(key)
    },
  )

  it('that numbers are the same with a prefix as without', () => {
    const args = ['MGET', Number.POSITIVE_INFINITY, 1n]
    expect(prefixKeys(lookup(args), args, 'p:')).toEqual(['MGET', 'p:inf', 'p:1'])
  })

  it.each([1e12, Number.POSITIVE_INFINITY, -1, 'x', Object.create(null)])(
    'that an impossible number of keys makes no long list: %o',
    (count) => {
      const args = ['EVAL', 's', count as number, 'a']
      expect(prefixKeys(lookup(args), args, 'p:').length).toBe(4)
    },
  )
})

describe.each(serverPrograms().map((program) => [nameOf(program), program] as const))(
  'the table knows',
  (_, program) => {
    it(`every command and subcommand of ${nameOf(program)}`, async () => {
      const server = await startServer(program)
      try {
        const wire = await Wire.open(server.port)
        const told = (await wire.send('COMMAND', 'LIST')) as string[]
        wire.close()
        const names = told.map((name) => name.replace('|', ' ').toUpperCase())
        const known = decodeCatalogue()
        const isContainer = (name: string): boolean => names.some((other) => other.startsWith(`${name} `))
        expect(names.length).toBeGreaterThan(350)
        expect(names.filter((name) => !known.has(name) && !isContainer(name))).toEqual([])
      } finally {
        await server.stop()
      }
    })
  },
)
