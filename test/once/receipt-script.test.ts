import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { onceSource, onceSourceFor } from '../../src/once/receipt-script.js'
import { ErrorReply, type Reply } from '../../src/protocol/types.js'
import { nameOf, serverPrograms, startServer, type TestServer } from '../support/server.js'
import { Wire } from '../support/wire.js'

/** The script itself, on real servers, without a client. */

const head = '1aaaaaaaaaaaaaaaaaaaaaa'
const otherHead = '1bbbbbbbbbbbbbbbbbbbbbb'
const receipt = 'n:once:{tag}:id'

type Kind = '' | 'g' | 'h' | 'm'

/** Whether the name of the command is in the script, or is one of its arguments. */
const forms = [{ form: 'of one command' }, { form: 'of any command' }]

const programs = serverPrograms().map((program) => ({ name: nameOf(program), program }))

describe.each(programs.flatMap((each) => forms.map(({ form }) => ({ ...each, form }))))(
  'The script $form, on $name,',
  ({ program, form }) => {
    let server: TestServer
    let wire: Wire
    beforeAll(async () => {
      server = await startServer(program)
      wire = await Wire.open(server.port)
    })
    afterAll(async () => {
      wire.close()
      await server.stop()
    })
    beforeEach(() => wire.send('FLUSHALL'))

    /** Milliseconds of the server's clock. */
    const now = async (): Promise<number> => {
      const [seconds, microseconds] = (await wire.send('TIME')) as [string, string]
      return Number(seconds) * 1_000 + Math.floor(Number(microseconds) / 1_000)
    }
    const run = (latest: number, kind: Kind, ...args: readonly (string | number)[]): Promise<Reply> => {
      const [name, key = '', ...rest] = args
      return form === 'of one command' && kind !== 'm'
        ? wire.send('EVAL', onceSourceFor(String(name), kind), 2, receipt, key, latest, head, ...rest)
        : wire.send('EVAL', onceSource(), 2, receipt, 'n', latest, head, kind, ...args)
    }
    const messageOf = (reply: Reply): string => (reply instanceof ErrorReply ? reply.message : `no error: ${reply}`)

    it('runs the command at the first try only, and gives its reply to each', async () => {
      const latest = (await now()) + 10_000
      expect([await run(latest, 'g', 'INCR', 'n'), await run(latest, 'g', 'INCR', 'n')]).toEqual([1, 1])
      expect(await wire.send('GET', 'n')).toBe('1')
    })

    it('writes the receipt before the command runs: the command sees it reserved', async () => {
      const latest = (await now()) + 10_000
      expect(await run(latest, '', 'STRLEN', receipt)).toBe(head.length)
      // A receipt that can't be reserved: nothing runs.
      await wire.send('DEL', receipt)
      await wire.send('LPUSH', receipt, 'x')
      expect(messageOf(await run(latest, 'g', 'INCR', 'n'))).toMatch(/^WRONGTYPE/)
      expect(await wire.send('EXISTS', 'n')).toBe(0)
    })

    it('gives the receipt the time limit of the try, as a point in time', async () => {
      const latest = (await now()) + 10_000
      await run(latest, 'g', 'INCR', 'n')
      expect(await wire.send('PEXPIRETIME', receipt)).toBe(latest)
    })

    it('runs nothing after the time limit, and leaves no receipt', async () => {
      for (const late of [1, 1_000, 100_000]) {
        expect(messageOf(await run((await now()) - late, 'g', 'INCR', 'n'))).toMatch(/^ONCE_LATE /)
      }
      expect(await wire.send('DBSIZE')).toBe(0)
    })

    it('extends a receipt that it finds to the limit of the try, and never shortens it', async () => {
      const latest = (await now()) + 10_000
      await run(latest, 'g', 'INCR', 'n')
      expect(await run(latest + 5_000, 'g', 'INCR', 'n')).toBe(1)
      expect(await wire.send('PEXPIRETIME', receipt)).toBe(latest + 5_000)
      expect(await run(latest, 'g', 'INCR', 'n')).toBe(1)
      expect(await run(latest - 20_000, 'g', 'INCR', 'n')).toBe(1)
      expect(await wire.send('PEXPIRETIME', receipt)).toBe(latest + 5_000)
    })

    it('runs nothing if the receipt has another digest', async () => {
      const latest = (await now()) + 10_000
      await run(latest, 'g', 'INCR', 'n')
      const other = await wire.send('EVAL', onceSource(), 1, receipt, latest, otherHead, '', 'DEL', 'n')
      expect(messageOf(other)).toMatch(/^ONCE_MISMATCH /)
      expect(await wire.send('GET', 'n')).toBe('1')
    })

    it('says that the outcome is unknown if the receipt has no reply', async () => {
      await wire.send('SET', receipt, head)
      expect(messageOf(await run((await now()) + 10_000, 'g', 'INCR', 'n'))).toMatch(/^ONCE_UNKNOWN /)
      expect(await wire.send('EXISTS', 'n')).toBe(0)
    })

    it.each([
      { reply: 'short', length: 1 },
      { reply: 'long', length: 1_000 },
    ])('keeps a $reply reply, and the time limit', async ({ length }) => {
      const latest = (await now()) + 10_000
      await wire.send('RPUSH', 'n', 'x'.repeat(length))
      const pop = (): Promise<Reply> => run(latest, '', 'LPOP', 'n')
      expect([await pop(), await pop()]).toEqual(['x'.repeat(length), 'x'.repeat(length)])
      expect(await wire.send('PEXPIRETIME', receipt)).toBe(latest)
    })

    it('writes the receipt again if the command has deleted it', async () => {
      const latest = (await now()) + 10_000
      expect([await run(latest, '', 'DEL', receipt), await run(latest, '', 'DEL', receipt)]).toEqual([1, 1])
      expect(await wire.send('PEXPIRETIME', receipt)).toBe(latest)
    })

    it('keeps errors, and marks them', async () => {
      const latest = (await now()) + 10_000
      await wire.send('SET', 'n', 'x')
      const text = 'ONCE ERR value is not an integer or out of range'
      expect(messageOf(await run(latest, 'g', 'INCR', 'n'))).toBe(text)
      await wire.send('SET', 'n', 5)
      expect(messageOf(await run(latest, 'g', 'INCR', 'n'))).toBe(text)
    })

    describe('when the command answers with an error that passes,', () => {
      const failing = (error: string): string =>
        onceSource().replace('local run=redis.pcall', `local run=function(...) return {err='${error}'} end`)
      const failingOne = (error: string): string =>
        onceSourceFor('X', '').replace("call('X',KEYS[2],unpack(ARGV,3))", `{err='${error}'}`)
      const send = async (error: string, kind: string, ...args: readonly (string | number)[]): Promise<string> => {
        const common = [receipt, (await now()) + 10_000, head]
        const isOne = form === 'of one command' && kind === ''
        const reply = isOne
          ? await wire.send('EVAL', failingOne(error), 1, ...common)
          : await wire.send('EVAL', failing(error), 1, ...common, kind, ...args)
        return messageOf(reply)
      }

      it.each(['OOM', 'READONLY', 'LOADING', 'MASTERDOWN', 'CLUSTERDOWN', 'TRYAGAIN', 'BUSY', 'NOREPLICAS', 'MISCONF'])(
        'takes the receipt back: %s',
        async (prefix) => {
          expect(await send(`${prefix} for now`, '', 'X')).toBe(`${prefix} for now`)
          expect(await wire.send('EXISTS', receipt)).toBe(0)
        },
      )

      it('keeps it if the error is from code of the user, or another error', async () => {
        expect(await send('OOM it says', 'u', 'X')).toBe('ONCE OOM it says')
        expect(await wire.send('DEL', receipt)).toBe(1)
        expect(await send('WRONGTYPE indeed', '', 'X')).toBe('ONCE WRONGTYPE indeed')
        expect(await wire.send('DEL', receipt)).toBe(1)
      })

      it('of a transaction takes it back at the first command only', async () => {
        expect(await send('OOM for now', 'm', 1, '', 'X', 1, '', 'Y')).toBe('OOM for now')
        expect(await wire.send('EXISTS', receipt)).toBe(0)
        const second = onceSource().replace(
          'local run=redis.pcall',
          "local run=function(name) if name=='Y' then return {err='OOM for now'} end return 1 end",
        )
        const latest = (await now()) + 10_000
        const reply = await wire.send('EVAL', second, 1, receipt, latest, head, 'm', 1, '', 'X', 1, '', 'Y')
        expect(reply).toEqual([1, new ErrorReply('OOM for now')])
        expect(await wire.send('EXISTS', receipt)).toBe(1)
      })
    })

    it('reads integers beyond 2^53 again, and never keeps a rounded one', async () => {
      const latest = (await now()) + 10_000
      await wire.send('SET', 'n', '9223372036854775806')
      expect(await run(latest, 'g', 'INCR', 'n')).toBe('9223372036854775807')
      expect(await run(latest, 'g', 'INCR', 'n')).toBe('9223372036854775807')
      await wire.send('DEL', receipt)
      // Of another command nobody knows where to read it: the receipt stays without a reply.
      expect(messageOf(await run(latest, '', 'DECR', 'n'))).toMatch(/^ONCE_UNKNOWN /)
      expect(messageOf(await run(latest, '', 'DECR', 'n'))).toMatch(/^ONCE_UNKNOWN /)
      expect(await wire.send('GET', 'n')).toBe('9223372036854775806')
    })

    it('runs a transaction whole, and keeps all its replies', async () => {
      const latest = (await now()) + 10_000
      await wire.send('SET', 's', 'x')
      const entries = [2, 'g', 'INCR', 'n', 2, 'g', 'INCR', 's', 2, '', 'GET', 'none', 3, '', 'RPUSH', 'l', 'a']
      const replies = [1, new ErrorReply('ERR value is not an integer or out of range'), null, 1]
      expect(await run(latest, 'm', ...entries)).toEqual(replies)
      expect(await run(latest, 'm', ...entries)).toEqual(replies)
      expect([await wire.send('GET', 'n'), await wire.send('LLEN', 'l')]).toEqual(['1', 1])
    })

    it('runs a transaction whole, even if one of its replies can not be kept', async () => {
      const latest = (await now()) + 10_000
      await wire.send('SET', 'n', 1, 'PXAT', '9007199254750001')
      const entries = [2, 'g', 'INCR', 'm', 2, '', 'PEXPIRETIME', 'n', 2, 'g', 'INCR', 'm']
      for (let i = 0; i < 2; i += 1) expect(messageOf(await run(latest, 'm', ...entries))).toMatch(/^ONCE_UNKNOWN /)
      expect(await wire.send('GET', 'm')).toBe('2')
    })
  },
)
