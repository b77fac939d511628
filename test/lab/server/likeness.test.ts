import { connect, type Socket } from 'node:net'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ServerModel } from '../../../lab/server/model.js'
import { anyProgram, startServer, type TestServer } from '../../support/server.js'

/**
 * Compares the replies of the built-in server with those of a real one, byte for byte; of errors, only the prefix. Sets
 * with several members are not compared, because real servers return them in any order.
 */
let real: TestServer
let socket: Socket

beforeAll(async () => {
  real = await startServer(anyProgram())
  socket = connect(real.port, '127.0.0.1')
})

afterAll(async () => {
  socket.destroy()
  await real.stop()
})

type Version = 2 | 3

const begin = 'here-it-begins'
const end = 'here-it-ends'

/** A conversation on an empty server. Replies before the first ECHO are not compared: HELLO names the server. */
function script(lines: readonly string[], version: Version): string {
  const all = ['RESET', 'FLUSHALL', `HELLO ${version}`, `ECHO ${begin}`, ...lines, 'DISCARD', `ECHO ${end}`]
  return all.map((line) => `${line}\r\n`).join('')
}

async function askReal(lines: readonly string[], version: Version): Promise<string> {
  let answer = ''
  const done = new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      answer += chunk.toString('latin1')
      if (!answer.endsWith(`${end}\r\n`)) return
      socket.off('data', read).off('error', reject)
      resolve()
    }
    socket.on('data', read).once('error', reject)
  })
  socket.write(script(lines, version))
  await done
  return comparable(answer)
}

function askModel(lines: readonly string[], version: Version): string {
  let now = 0
  const said: Buffer[] = []
  const model = new ServerModel({ now: () => now })
  const session = model.connect(undefined, (bytes) => said.push(bytes))
  said.push(...session.receive(Buffer.from(script(lines, version))))
  for (let next = model.nextExpiry(); next !== undefined; next = model.nextExpiry()) {
    now = next
    model.expireWaits()
  }
  return comparable(Buffer.concat(said).toString('latin1'))
}

/** Keeps only the prefix of errors, because their texts differ between versions. */
function comparable(answer: string): string {
  const [, conversation] = answer.split(`${begin}\r\n`)
  if (conversation === undefined) throw new Error(`the conversation did not begin: ${answer}`)
  return conversation.replace(/^-(\S+) [^\r]*/gm, '-$1')
}

const conversations = [
  ['SET k v', 'GET k', 'SET k w NX', 'SET k w XX GET', 'GET k', 'SET new x GET', 'SETNX k v', 'GETDEL k', 'GETDEL k'],
  ['SET n 9223372036854775807', 'INCR n', 'DECR n', 'INCRBY n -5', 'SET n 007', 'INCR n', 'INCRBY n 1.5', 'GET n'],
  ['APPEND k ab', 'APPEND k cd', 'STRLEN k', 'STRLEN none', 'MSET a 1 b 2', 'MSET a 1 b', 'MGET a b none', 'LPUSH a x'],
  ['RPUSH l a b c', 'LPUSH l x y', 'LRANGE l 0 -1', 'LRANGE l -2 9', 'LRANGE l 3 1', 'LRANGE l 0 x', 'LLEN l'],
  ['RPUSH l a b c d', 'LPOP l', 'RPOP l 2', 'LPOP l 0', 'LPOP l -1', 'LPOP l 9', 'EXISTS l', 'LPOP l', 'LPOP l 2'],
  ['HSET h f 1 g 2', 'HSET h f 3 i 4', 'HGET h f', 'HGET h none', 'HGETALL h', 'HLEN h', 'HDEL h f x', 'HSET h f'],
  ['SADD s a b a', 'SREM s a z', 'SMEMBERS s', 'SISMEMBER s b', 'SISMEMBER s a', 'SCARD s', 'SREM s b', 'TYPE s'],
  ['ZADD z 2 b 1 a 2 aa', 'ZADD z 3 b', 'ZSCORE z b', 'ZSCORE z none', 'ZCARD z', 'ZRANGE z 0 -1 WITHSCORES'],
  ['ZADD z inf a -inf b 1e3 c 0.5 d', 'ZRANGE z 0 1 REV WITHSCORES', 'ZRANGE z 0 -1', 'ZADD z nan x', 'ZADD z 1'],
  [
    'XADD s 1-1 f v g w',
    'XADD s 1-* f x',
    'XADD s 5 f y',
    'XADD s 2 f z',
    'XADD s 0-0 f',
    'XADD s x f v',
    'XLEN s',
    'XLEN none',
    'XRANGE s - +',
    'XRANGE s 1-2 + COUNT 1',
    'XRANGE s 2 4',
    'TYPE s',
    'XREAD STREAMS s 1-1',
    'XREAD COUNT 1 STREAMS s none 0 0',
    'XREAD STREAMS s $',
    'XREAD BLOCK 5 STREAMS s $',
    'XREAD BLOCK 5 STREAMS s 0',
    'XREAD BLOCK -1 STREAMS s 0',
    'XREAD STREAMS s',
    'XREAD STREAMS s none 0',
    'GET s',
    'MULTI',
    'XREAD BLOCK 0 STREAMS s $',
    'EXEC',
  ],
  ['SET k v', 'TYPE k', 'TYPE none', 'LPUSH k x', 'HGET k f', 'SADD k m', 'ZADD k 1 m', 'EXISTS k k none', 'DEL k k'],
  ['SET k v EX 100', 'TTL k', 'PERSIST k', 'TTL k', 'EXPIRE k 50', 'EXPIRE k 60 LT', 'EXPIRE k 60 GT', 'TTL k'],
  ['EXPIRE none 5', 'TTL none', 'SET k v EX 0', 'SET k v EX', 'SET k v EX 5 PX 5', 'EXPIRE k x', 'KEYS k*', 'DBSIZE'],
  ['SET k v', 'EXPIRE k -1', 'EXISTS k', 'SET k v PX 100000', 'SET k w KEEPTTL', 'TTL k', 'SET k x', 'TTL k'],
  [
    'MULTI',
    'SET k v',
    'GET k',
    'LPUSH k x',
    'EXEC',
    'EXEC',
    'DISCARD',
    'MULTI',
    'NOPE',
    'EXEC',
    'MULTI',
    'GET',
    'EXEC',
  ],
  ['WATCH k', 'SET k v', 'MULTI', 'GET k', 'EXEC', 'WATCH k', 'UNWATCH', 'SET k w', 'MULTI', 'GET k', 'EXEC'],
  ['WATCH k', 'DEL k', 'MULTI', 'EXEC', 'SELECT 1', 'SET k one', 'SELECT 0', 'GET k', 'SELECT 16', 'SELECT x'],
  [
    'PING',
    'ROLE',
    'ROLE x',
    'SENTINEL MASTERS',
    'PING hello',
    'PING a b',
    'ECHO x',
    'ECHO',
    'NOPE',
    'GET',
    'CLIENT SETNAME me',
    'CLIENT GETNAME',
    'PUBLISH c m',
  ],
  ['RPUSH a x y z', 'BLPOP b a 0', 'BRPOP a 1', 'BLMOVE a b LEFT RIGHT 0', 'LRANGE b 0 -1'],
  ['SET t x', 'BLPOP t 1', 'BLPOP a x', 'BLPOP a -1', 'BLMOVE a b UP LEFT 1', 'BLPOP a'],
  ['BLPOP a 0.01', 'BLMOVE a b LEFT LEFT 0.01', 'ECHO after'],
  ['MULTI', 'BLPOP a 0', 'RPUSH a x', 'BRPOP a 0', 'BLMOVE a b LEFT LEFT 0', 'EXEC'],
  ['CLIENT UNBLOCK 999999', 'CLIENT UNBLOCK 999999 SOMEHOW'],
  [
    'SUBSCRIBE a b',
    'PSUBSCRIBE n*',
    'SSUBSCRIBE s',
    'PING',
    'PING x',
    'UNSUBSCRIBE a',
    'UNSUBSCRIBE',
    'PUNSUBSCRIBE',
    'SUNSUBSCRIBE',
    'UNSUBSCRIBE',
  ],
  ['PUBLISH a m', 'SPUBLISH a m'],
  ['CLIENT GETNAME', 'CONFIG GET databases', 'CONFIG GET appendonly', 'HELLO 4', 'HELLO x', 'AUTH x y z', 'AUTH x'],
]

describe.each([2, 3] as const)('the built-in server replies like a real one, in RESP%d', (version) => {
  it.each(conversations.map((lines) => [lines.join('; '), lines] as const))('%s', async (_title, lines) => {
    expect(askModel(lines, version)).toBe(await askReal(lines, version))
  })

  it('any conversation about a few keys', async () => {
    const key = fc.constantFrom('a', 'b', 'c')
    const word = fc.constantFrom('x', 'y', '1', '-7', '2.5', '9223372036854775807')
    const index = fc.integer({ min: -4, max: 4 })
    const line = fc.oneof(
      fc.tuple(fc.constantFrom('GET', 'INCR', 'DECR', 'STRLEN', 'TYPE', 'DEL', 'LPOP', 'RPOP', 'LLEN', 'HGETALL'), key),
      fc.tuple(fc.constantFrom('SET', 'APPEND', 'INCRBY', 'LPUSH', 'RPUSH', 'HGET', 'HDEL', 'SADD', 'SREM'), key, word),
      fc.tuple(fc.constantFrom('HSET', 'ZADD'), key, word, word),
      fc.tuple(fc.constantFrom('LRANGE', 'ZRANGE'), key, index, index),
      fc.tuple(fc.constantFrom('LPOP', 'EXPIRE'), key, index),
      fc.tuple(fc.constantFrom('WATCH', 'TTL', 'PERSIST'), key),
      fc.tuple(fc.constantFrom('MULTI', 'EXEC', 'DISCARD', 'UNWATCH', 'DBSIZE')),
    )
    const conversation = fc.array(
      line.map((words) => words.join(' ')),
      { maxLength: 30 },
    )
    await fc.assert(
      fc.asyncProperty(conversation, async (lines) => {
        expect(askModel(lines, version)).toBe(await askReal(lines, version))
      }),
      { numRuns: 300 },
    )
  })
})
