import { findDemoServer } from '../demo/find-server.js'
import { createClient } from '../dist/index.js'
import { localTarget, type Target, urlOf } from './target.js'
import { type Custom, keyOf, prepareCustom } from './workloads/custom.js'
import { allKeys, prefix, prepare, range } from './workloads/data.js'

type Call = (name: string, ...args: (string | Buffer)[]) => Promise<unknown>

/** The server that is measured on, with the keys that the workloads need. */
export interface Stage {
  readonly target: Target
  /** Of the process, where it was started for the purpose. */
  readonly pid: number | undefined
  /** For the report: no name of it. */
  readonly description: string
  /** Sets the keys of a custom workload. */
  prepare(custom: Custom): Promise<void>
  /** Deletes every key that was set, and ends what was started. */
  leave(): Promise<void>
}

/**
 * Prepares a server: the one given, or one that is started on this machine.
 *
 * @throws Error that says why it can't be used; it is left as it was
 */
export async function takeStage(given: Target | undefined): Promise<Stage> {
  const started = given === undefined ? await findDemoServer(undefined) : undefined
  const target = given ?? localTarget(started?.port ?? 0)
  const admin = createClient({ url: urlOf(target), connectDeadline: 5_000 })
  const call: Call = (name, ...args) => admin.call(name, ...args)
  let customKeys = 0
  const names = (): string[] => [...allKeys, ...range(customKeys).map(keyOf)]
  let isPrepared = false
  const leave = async (): Promise<void> => {
    if (isPrepared) for (const name of names()) await call('DEL', name)
    await admin.close()
    await started?.stop()
  }
  try {
    await admin.connect().catch((cause: unknown) => {
      throw new Error(`the server at ${target.host}, port ${target.port}, can't be used: ${String(cause)}`, { cause })
    })
    // A key at a time: in a cluster, they belong to different nodes.
    for (const name of allKeys) {
      if ((await call('EXISTS', name)) === 1) {
        throw new Error(
          `the key ${name} exists already: another run uses it, or one was interrupted. Delete the keys that begin with "${prefix}", or name another prefix by the variable RESPITE_BENCH_PREFIX`,
        )
      }
    }
    isPrepared = true
    await prepare(call)
    const version = /(valkey|redis)_version:(\S+)/.exec(await admin.info('server'))
    const where = given === undefined ? '' : target.tls ? ', over TLS, by a URL' : ', by a URL'
    return {
      target,
      pid: started?.pid,
      description: `${version?.slice(1).join(' ') ?? 'unknown server'}${where}`,
      prepare: async (custom) => {
        customKeys = Math.max(customKeys, custom.keys)
        await prepareCustom(custom, call)
      },
      leave,
    }
  } catch (error) {
    await leave()
    throw error
  }
}
