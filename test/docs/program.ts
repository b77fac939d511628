import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Block, splitImports } from './blocks.js'

/** One program of all blocks, so that the compiler starts once. It sees the built package, as a program of a user does. */

const root = fileURLToPath(new URL('../../', import.meta.url))

/**
 * What a block finds besides what it declares or imports. `error` is what a `catch` gives; the names at the end are of the
 * reader's own program.
 */
const names = `
import type * as respite from 'respite'
import type * as clusters from 'respite/cluster'

declare global {
  const createClient: typeof respite.createClient
  const client: respite.Client
  const createCluster: typeof clusters.createCluster
  const cluster: clusters.Cluster
  const script: typeof respite.script
  const AbortError: typeof respite.AbortError
  const ClientClosedError: typeof respite.ClientClosedError
  const ConnectError: typeof respite.ConnectError
  const ConnectionLostError: typeof respite.ConnectionLostError
  const HandshakeError: typeof respite.HandshakeError
  const IntegerTooLargeError: typeof respite.IntegerTooLargeError
  const ProtocolError: typeof respite.ProtocolError
  const QueueFullError: typeof respite.QueueFullError
  const ReplyError: typeof respite.ReplyError
  const RespiteError: typeof respite.RespiteError
  const SessionLostError: typeof respite.SessionLostError
  const TimeoutError: typeof respite.TimeoutError
  const TransactionError: typeof respite.TransactionError
  const UsageError: typeof respite.UsageError

  const error: unknown
  const log: Record<'warn' | 'error', (...what: unknown[]) => void>
  const request: { readonly signal: AbortSignal }
  const token: string
  const keys: string[]
  const certificate: Buffer
  const identity: { getToken(): Promise<{ readonly user: string; readonly value: string; readonly expiresAt: Date }> }
  const work: (session: respite.Session) => Promise<void>
  function fromDatabase(): Promise<string>
  function discardLateReply(reply: unknown): void
}
`

/** The options of this project, but for what a block need not do: use all that it declares. */
const settings = {
  extends: join(root, 'tsconfig.json'),
  compilerOptions: {
    noUnusedLocals: false,
    noUnusedParameters: false,
  },
  include: ['*.ts'],
}

/** Wraps a block in a function, on the lines that it has in its page, because the compiler names those. */
function moduleOf({ line, code }: Block): string {
  const { imports, body } = splitImports(code)
  const open = 'export async function block() {'
  const above = '\n'.repeat(line - 1)
  return imports === '' ? `${above}${open} ${body}}` : `${above}${imports.replace(/(\n+)$/, `; ${open}$1`)}${body}}`
}

/**
 * Checks the types of blocks.
 * @returns what the compiler says, with the page and line of each error; empty if there is none
 */
export function errorsOf(blocks: readonly Block[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'respite-blocks-'))
  try {
    mkdirSync(join(folder, 'node_modules'))
    symlinkSync(root, join(folder, 'node_modules/respite'))
    symlinkSync(join(root, 'node_modules/@types'), join(folder, 'node_modules/@types'))
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings))
    writeFileSync(join(folder, 'names.d.ts'), names)
    const origin = new Map<string, string>()
    for (const [index, block] of blocks.entries()) {
      const name = `block${index}.ts`
      origin.set(name, block.file)
      writeFileSync(join(folder, name), moduleOf(block))
    }
    const compiler = join(root, 'node_modules/typescript/bin/tsc')
    const { stdout, stderr } = spawnSync(process.execPath, [compiler, '-p', folder, '--pretty', 'false'], {
      encoding: 'utf8',
    })
    const place = (_: string, path: string, line: string): string => `${origin.get(basename(path)) ?? path}:${line} `
    // Lines with spaces at the beginning belong to the error above them.
    const found = `${stdout}${stderr}`.trim().split(/\n(?! )/)
    return found.filter((error) => error !== '').map((error) => error.replace(/^(\S+?)\((\d+),\d+\): /, place))
  } finally {
    rmSync(folder, { recursive: true })
  }
}
