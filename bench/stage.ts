import { findDemoServer } from '../demo/find-server.js'
import { createClient } from '../dist/index.js'
import { atEnd } from '../scripts/at-end.js'
import { messageOf } from '../src/errors.js'
import { localTarget, type Target, urlOf } from './target.js'
import { type Custom, keyOf, prepareCustom } from './workloads/custom.js'
import { allKeys, prefix, prepare, range } from './workloads/data.js'

type Call = (name: string, ...args: (string | Buffer)[]) => Promise<unknown>

/** How long the server may take to delete a key, in milliseconds: one that has gone must not keep a run from ending. */
const deleteLimitMs = 5_000

/** The server that everything is measured on, with the keys that the workloads need. */
export interface Stage {
  readonly target: Target
  /** Of its process, if it was started for the run. */
  readonly pid: number | undefined
  /** For the report: kind and version, without its name. */
  readonly description: string
  /** Sets the keys of a custom workload. */
  prepare(custom: Custom): Promise<void>
  /** Deletes every key that was set, and ends what was started. */
  leave(): Promise<void>
}

/**
 * Prepares a server: the given one, or one that is started on this machine.
 *
 * @throws Error with the reason if it can't be used; its data is then unchanged
 */
async function takeStage(given: Target | undefined): Promise<Stage> {
  const started = given === undefined ? await findDemoServer(undefined) : undefined
  const target = given ?? localTarget(started?.port ?? 0)
  const admin = createClient({ url: urlOf(target), connectDeadline: 3_000 })
  let ended: Promise<void> | undefined
  /** Nothing is written while it is being deleted. */
  const call: Call = async (name, ...args) => {
    if (ended !== undefined) throw new Error('the run has ended')
    return admin.call(name, ...args)
  }
  /** Every key that exists because of this run. */
  const own: string[] = []
  const end = async (): Promise<void> => {
    try {
      // Those on a server of the run end with it.
      if (started === undefined) {
        const limited = admin.with({ timeout: deleteLimitMs })
        for (const names of chunks(own)) await Promise.all(names.map((name) => limited.call('DEL', name)))
      }
    } catch (cause) {
      throw new Error(`keys that begin with "${prefix}" can't be deleted: ${messageOf(cause)}`, { cause })
    } finally {
      forget()
      await admin.close()
      await started?.stop()
    }
  }
  // An interrupted run may leave twice.
  const leave = (): Promise<void> => {
    ended ??= end()
    return ended
  }
  const forget = atEnd(leave)
  /** From now on, keys of these names are this run's. A command for each key: in a cluster, they belong to different nodes. */
  const claim = async (names: readonly string[]): Promise<void> => {
    for (const some of chunks(names)) {
      const counts = await Promise.all(some.map((name) => call('EXISTS', name)))
      const taken = some.find((_, index) => counts[index] === 1)
      if (taken !== undefined) {
        throw new Error(
          `the key ${taken} exists already: another run uses it, or one was interrupted. Delete the keys that begin with "${prefix}", or set another prefix in the variable RESPITE_BENCH_PREFIX`,
        )
      }
    }
    own.push(...names)
  }
  let customKeys = 0
  try {
    await admin.connect().catch((cause: unknown) => {
      throw new Error(`the server at ${target.host}, port ${target.port}, can't be used: ${messageOf(cause)}`, {
        cause,
      })
    })
    await claim(allKeys)
    await prepare(call)
    const version = /(valkey|redis)_version:(\S+)/.exec(await admin.info('server'))
    const where = given === undefined ? '' : target.tls ? ', over TLS, by a URL' : ', by a URL'
    return {
      target,
      pid: started?.pid,
      description: `${version?.slice(1).join(' ') ?? 'unknown server'}${where}`,
      prepare: async (custom) => {
        await claim(range(custom.keys).slice(customKeys).map(keyOf))
        customKeys = Math.max(customKeys, custom.keys)
        await prepareCustom(custom, call)
      },
      leave,
    }
  } catch (error) {
    await leave().catch(() => {})
    throw error
  }
}

/**
 * Prepares a server, and leaves it in any case.
 *
 * @throws Error what `use` throws, even if it can't be left then
 */
export async function onStage<T>(given: Target | undefined, use: (stage: Stage) => Promise<T>): Promise<T> {
  const stage = await takeStage(given)
  let result: T
  try {
    result = await use(stage)
  } catch (error) {
    await stage.leave().catch(() => {})
    throw error
  }
  await stage.leave()
  return result
}

/** So few that they can be sent together. */
function chunks(names: readonly string[]): string[][] {
  const size = 1_000
  return range(Math.ceil(names.length / size)).map((index) => names.slice(index * size, (index + 1) * size))
}
