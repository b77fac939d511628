import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import type { ClusterCode } from './cluster/simulate.js'
import type { ClientCode } from './simulate.js'

/** A change of the client's source that makes it wrong. */
export interface Mutation {
  /** Within `src`. */
  readonly file: string
  /** Text that stands there exactly once, and what is put in its place. */
  readonly from: string
  readonly to: string
}

/** Where the client's source is. */
export const src = fileURLToPath(new URL('../../src/', import.meta.url))

/** A file's text with the change made. @throws when what is to be changed is not there exactly once */
export function changed(text: string, { file, from, to }: Mutation): string {
  const count = text.split(from).length - 1
  if (count !== 1) throw new Error(`${file} has ${JSON.stringify(from)} ${count} times, not once`)
  return text.replace(from, () => to)
}

/**
 * The client with a change of its source; without one, as it is.
 * @throws when the text to be changed is not there, or more than once: a mutation must not outlive what it changes
 */
export function mutate(mutation?: Mutation): Promise<ClientCode> {
  const contents = "export { Client } from './client.js'; export { resolveOptions } from './options/resolve.js'"
  return buildCode(contents, mutation)
}

/** The same for the client of a cluster. */
export function mutateCluster(mutation?: Mutation): Promise<ClusterCode> {
  return buildCode("export { Cluster } from './cluster/cluster.js'", mutation)
}

async function buildCode<Code>(contents: string, mutation: Mutation | undefined): Promise<Code> {
  const folder = await mkdtemp(join(tmpdir(), 'respite-mutant-'))
  try {
    const outfile = join(folder, 'client.mjs')
    await build({
      stdin: {
        contents,
        resolveDir: src,
      },
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile,
      logLevel: 'silent',
      plugins: mutation === undefined ? [] : [plugin(mutation)],
    })
    return (await import(pathToFileURL(outfile).href)) as Code
  } finally {
    await rm(folder, { recursive: true })
  }
}

function plugin(mutation: Mutation): import('esbuild').Plugin {
  const path = join(src, mutation.file)
  return {
    name: 'mutation',
    setup(builder) {
      builder.onLoad({ filter: /\.ts$/ }, async (args) => {
        if (args.path !== path) return undefined
        return { contents: changed(await readFile(path, 'utf8'), mutation), loader: 'ts' }
      })
    },
  }
}
