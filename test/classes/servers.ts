import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { lookup } from '../../src/commands/catalogue.js'
import type { Reply } from '../../src/protocol/types.js'
import { startServer, type TestServer } from '../support/server.js'
import type { Form } from './forms.js'
import type { Place } from './oracle.js'

/** A server with a file for its users and one for its settings, so that ACL SAVE, ACL LOAD and CONFIG REWRITE have one. */
export async function startForOracle(program: string, isCluster = false): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'respite-oracle-'))
  const users = join(folder, 'users.acl')
  const config = join(folder, 'server.conf')
  writeFileSync(users, 'user default on nopass ~* &* +@all\n')
  writeFileSync(config, '')
  const args = ['--aclfile', users, '--slowlog-log-slower-than', '-1', '--databases', '2']
  const cluster = ['--cluster-enabled', 'yes', '--cluster-require-full-coverage', 'no']
  const server = await startServer(program, isCluster ? [...cluster, ...args] : args, config)
  return {
    ...server,
    async stop() {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Whether a server has the command of a form. */
export async function isOffered({ wire }: Place, { words }: Form): Promise<boolean> {
  // A form for several commands: `[ACL|CLIENT] HELP`.
  if (words[0]?.startsWith('[')) return true
  const name = lookup(words).name.replace(' ', '|')
  const [info] = (await wire.send('COMMAND', 'INFO', name)) as Reply[]
  return info !== null
}
