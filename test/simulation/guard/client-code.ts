import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import type { ClientCode } from '../simulate.js'

/** The client of another checkout. Its files are found by what they export, wherever they are. */
export async function loadClientCode(src: string): Promise<ClientCode> {
  const client = await findExport(src, /^export class Client\b/m)
  const options = await findExport(src, /^export function resolveOptions\b/m)
  const folder = await mkdtemp(join(tmpdir(), 'respite-client-'))
  try {
    const outfile = join(folder, 'client.mjs')
    await build({
      stdin: {
        contents: `export { Client } from '${client}'; export { resolveOptions } from '${options}'`,
        resolveDir: resolve(src),
      },
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile,
    })
    return (await import(pathToFileURL(outfile).href)) as ClientCode
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function findExport(src: string, pattern: RegExp): Promise<string> {
  for (const name of await readdir(src, { recursive: true })) {
    if (name.endsWith('.ts') && pattern.test(await readFile(join(src, name), 'utf8'))) return resolve(src, name)
  }
  throw new Error(`${src}: no file there has ${pattern.source}`)
}
