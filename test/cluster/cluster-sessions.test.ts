import { describe, expect, it } from 'vitest'
import type { ClusterRuntime } from '../../src/cluster/cluster-runtime.js'
import { followSlot } from '../../src/cluster/cluster-sessions.js'
import { ReplyError, TransactionError } from '../../src/errors.js'
import { FakeClock } from '../support/fake-clock.js'
import { startServers } from './simulated-cluster.js'

const moved = 'MOVED 866 127.0.0.1:7001'

/** Work that rejects with the error at first. Returns how often it was called. */
async function timesOf(error: Error): Promise<number> {
  const runtime = { clock: new FakeClock(), options: { queueTimeout: 1_000 }, nextView: async () => {} }
  let times = 0
  const work = followSlot(runtime as unknown as ClusterRuntime, 866, async () => {
    times += 1
    if (times === 1) throw error
  })
  await work.catch((thrown) => expect(thrown).toBe(error))
  return times
}

const reply = (message: string, command: string): ReplyError => new ReplyError(message, { command, attempts: 1 })

function transaction(fate: 'refused' | 'executed', cause?: ReplyError): TransactionError {
  const results = [reply(moved, 'INCR')]
  return new TransactionError('MULTI: it failed', { fate, results, ...(cause === undefined ? {} : { cause }) })
}

describe('work with the keys of a slot that a server has redirected', () => {
  it('begins again after a command, or a whole transaction, that the server redirected', async () => {
    for (const error of [
      reply(moved, 'GET'),
      reply(moved, 'OBJECT ENCODING'),
      reply('TRYAGAIN Multiple keys', 'MGET'),
      transaction('refused'),
    ]) {
      expect(await timesOf(error)).toBe(2)
    }
  })

  it('begins again if the server redirected EXEC', async () => {
    const abort = `EXECABORT Transaction discarded because of: ${moved}`
    for (const message of [moved, 'ASK 866 127.0.0.1:7001', 'TRYAGAIN Multiple keys', 'CLUSTERDOWN Hash slot', abort]) {
      const error = new TransactionError(`MULTI: ${message}`, { fate: 'refused', results: [undefined] })
      expect(await timesOf(error)).toBe(2)
    }
  })

  it('ends if it uses a key of another slot, which is redirected each time', async () => {
    expect(await timesOf(reply('MOVED 867 127.0.0.1:7001', 'GET'))).toBe(1)
  })

  it('ends after other errors', async () => {
    expect(await timesOf(reply('WRONGTYPE Operation', 'GET'))).toBe(1)
    expect(await timesOf(new Error(moved))).toBe(1)
  })

  it('ends where the words may be those of the user’s code, which has done its work', async () => {
    for (const command of ['EVAL', 'EVALSHA', 'FCALL']) expect(await timesOf(reply(moved, command))).toBe(1)
    expect(await timesOf(transaction('executed'))).toBe(1)
    expect(await timesOf(transaction('refused', reply("NOPERM no permissions to run 'multi'", 'MULTI')))).toBe(1)
  })
})

describe('sessions and transactions', () => {
  it('are refused before a connection is used if their keys are no keys, or have different slots', async () => {
    const { cluster, servers } = startServers(3)
    const work = (): never => expect.unreachable()
    for (const [call, error] of [
      [
        cluster.session(undefined as never, work),
        { message: expect.stringContaining('session: argument 1 (undefined)') },
      ],
      [
        cluster.transaction(['a', undefined as never], work),
        { message: expect.stringContaining('argument 2 (undefined)') },
      ],
      [cluster.transaction(['a', 'b'], work), { code: 'CROSS_SLOT' }],
    ] as const) {
      await expect(call).rejects.toMatchObject({ name: 'UsageError', fate: 'not-executed', ...error })
    }
    expect(cluster.status).toBe('idle')
    expect(servers.servers.flatMap(({ wires }) => wires)).toEqual([])
    cluster.destroy()
  })

  it('a node that is no node is refused', () => {
    const { cluster } = startServers(3)
    for (const node of [undefined, null, {}, 'x']) {
      expect(() => cluster.node(node as never)).toThrow('node: no node has the id')
    }
    cluster.destroy()
  })
})
