import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { atEnd } from '../../scripts/at-end.js'
import { freePort } from '../../scripts/free-port.js'
import { type Client, createClient } from '../../src/index.js'
import { startServer, type TestServer } from './server.js'
import { until } from './until.js'

/** The name of the master at the sentinels. */
export const masterName = 'mymaster'

/** A sentinel that a test started and controls. */
export interface TestSentinel {
  readonly host: string
  readonly port: number
  kill(signal: NodeJS.Signals): Promise<void>
}

/** A master with replicas, and sentinels that watch it. */
export interface SentinelSetup {
  readonly servers: readonly TestServer[]
  readonly sentinels: readonly TestSentinel[]
  /** The port of the master that most sentinels name. */
  masterPort(): Promise<number>
  /** Waits until the sentinels name a master other than this, and returns its port. */
  nextMaster(port: number): Promise<number>
  server(port: number): TestServer
  /** Has a sentinel replace the master. Server documentation: SENTINEL FAILOVER. */
  failOver(): Promise<void>
  stop(): Promise<void>
}

/** Options of {@link startSentinels}. */
export interface SentinelSetupOptions {
  /** The password of the servers. */
  readonly password?: string
  /** The password of the sentinels. */
  readonly sentinelPassword?: string
  /** Milliseconds until a silent master counts as down; default 1,000. */
  readonly downAfter?: number
  readonly replicas?: number
}

/** Starts a master, two replicas and three sentinels on loopback. */
export async function startSentinels(program: string, options: SentinelSetupOptions = {}): Promise<SentinelSetup> {
  const { password, sentinelPassword, downAfter = 1_000, replicas = 2 } = options
  const auth = password === undefined ? [] : ['--requirepass', password, '--masterauth', password]
  const fast = ['--repl-diskless-sync', 'yes', '--repl-diskless-sync-delay', '0', '--repl-ping-replica-period', '1']
  const master = await startServer(program, [...auth, ...fast])
  const others = await Promise.all(
    Array.from({ length: replicas }, () =>
      startServer(program, [...auth, ...fast, '--replicaof', '127.0.0.1', String(master.port)]),
    ),
  )
  const servers = [master, ...others]
  const admin = (port: number): Client =>
    createClient({ port, host: '127.0.0.1', ...(password === undefined ? {} : { password }) })
  for (const { port } of others) {
    await until(async () => (await infoOf(admin(port))).includes('master_link_status:up'))
  }
  const sentinels = await Promise.all(
    [1, 2, 3].map(() => startSentinel(program, master.port, downAfter, password, sentinelPassword)),
  )
  const asked = { host: '127.0.0.1', ...(sentinelPassword === undefined ? {} : { password: sentinelPassword }) }
  const view = async (port: number, command: string): Promise<unknown> => {
    const client = createClient({ ...asked, port })
    try {
      return await client.call('SENTINEL', command, masterName)
    } finally {
      await client.close()
    }
  }
  const lists = async (port: number, command: string): Promise<number> =>
    ((await view(port, command)) as unknown[]).length
  for (const { port } of sentinels) {
    await until(async () => (await lists(port, 'REPLICAS')) === replicas && (await lists(port, 'SENTINELS')) === 2)
  }
  const namedBy = async (port: number): Promise<number> =>
    Number(((await view(port, 'GET-MASTER-ADDR-BY-NAME')) as string[])[1])
  const masterPort = async (): Promise<number> => {
    const named = await Promise.allSettled(sentinels.map(({ port }) => namedBy(port)))
    const ports = named.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
    return ports.sort((a, b) => ports.filter((p) => p === b).length - ports.filter((p) => p === a).length)[0] ?? 0
  }
  return {
    servers,
    sentinels,
    masterPort,
    async nextMaster(port) {
      let now = port
      await until(async () => {
        now = await masterPort()
        return now !== port && now !== 0
      })
      return now
    },
    async failOver() {
      await view(sentinels[2]?.port ?? 0, 'FAILOVER')
    },
    server: (port) => servers.find((server) => server.port === port) as TestServer,
    async stop() {
      await Promise.all(sentinels.map((sentinel) => sentinel.kill('SIGKILL')))
      await Promise.all(
        servers.map(async (server) => {
          await server.kill('SIGCONT')
          await server.stop()
        }),
      )
    },
  }
}

/** Tries again if the port was taken by somebody else meanwhile. */
async function startSentinel(...setup: Parameters<typeof launchSentinel>): Promise<TestSentinel> {
  for (let attempt = 1; ; attempt += 1) {
    const sentinel = await launchSentinel(...setup)
    if (sentinel !== undefined) return sentinel
    if (attempt === 3) throw new Error('a sentinel ended at its start, three times')
  }
}

/** @returns undefined if it ended at its start */
async function launchSentinel(
  program: string,
  masterPort: number,
  downAfter: number,
  password: string | undefined,
  sentinelPassword: string | undefined,
): Promise<TestSentinel | undefined> {
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'respite-sentinel-'))
  const config = join(folder, 'sentinel.conf')
  writeFileSync(
    config,
    [
      `port ${port}`,
      'bind 127.0.0.1',
      `dir ${folder}`,
      `sentinel monitor ${masterName} 127.0.0.1 ${masterPort} 2`,
      `sentinel down-after-milliseconds ${masterName} ${downAfter}`,
      `sentinel failover-timeout ${masterName} 3000`,
      ...(password === undefined ? [] : [`sentinel auth-pass ${masterName} "${password}"`]),
      ...(sentinelPassword === undefined ? [] : [`requirepass "${sentinelPassword}"`]),
      '',
    ].join('\n'),
  )
  const child: ChildProcess = spawn(program, [config, '--sentinel'], { stdio: 'ignore' })
  const clear = (): void => rmSync(folder, { recursive: true, force: true })
  const forget = atEnd(() => {
    child.kill('SIGKILL')
    clear()
  })
  const exited = once(child, 'exit').finally(() => {
    forget()
    clear()
  })
  const client = createClient({
    host: '127.0.0.1',
    port,
    ...(sentinelPassword === undefined ? {} : { password: sentinelPassword }),
  })
  const isUp = await Promise.race([client.connect().then(() => true), exited.then(() => false)])
  client.destroy()
  if (!isUp) return undefined
  return {
    host: '127.0.0.1',
    port,
    async kill(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill(signal)
      if (signal === 'SIGSTOP' || signal === 'SIGCONT') return
      await exited
    },
  }
}

async function infoOf(client: Client): Promise<string> {
  try {
    return (await client.call('INFO', 'replication')) as string
  } finally {
    await client.close()
  }
}
