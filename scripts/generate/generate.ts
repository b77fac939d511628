import { readFileSync } from 'node:fs'
import { serverPrograms, startServer } from '../../test/support/server.js'
import { commandsPage } from './commands-page.js'
import { type Entry, joinEntries } from './entries.js'
import { askServer, type Server } from './facts.js'
import { readKnowledge } from './knowledge.js'
import { readMethodLines } from './method-lines.js'
import { methodFiles } from './method-types.js'
import { methodsOf } from './methods.js'
import { publishedJson, publishedMarkdown } from './published.js'
import { merge, readSnapshot, snapshotText } from './snapshot.js'
import { shapesText, tableText } from './table-text.js'

/** What is made, and what is wrong with what it is made from. */
export interface Generated {
  readonly entries: readonly Entry[]
  readonly files: readonly GeneratedFile[]
  readonly problems: readonly string[]
}

export interface GeneratedFile {
  readonly path: string
  readonly url: URL
  readonly text: string
}

/** Starts every server of this machine, and asks it. */
export async function askAll(): Promise<Server[]> {
  const servers: Server[] = []
  for (const program of serverPrograms()) {
    const server = await startServer(program)
    try {
      servers.push(await askServer(server.port))
    } finally {
      await server.stop()
    }
  }
  return servers
}

export function generate(asked: readonly Server[]): Generated {
  const servers = merge(readSnapshot(), asked)
  const { entries, problems: missing } = joinEntries(servers, readKnowledge())
  const { methods, problems } = methodsOf(entries, readMethodLines(), servers)
  const interfaces = [...methodFiles(methods)].map(([group, text]) => file(`src/commands/generated/${group}.ts`, text))
  const files = [
    file('scripts/generate/snapshot.json', snapshotText(servers)),
    file('src/commands/generated/commands.ts', tableText(entries)),
    file('docs/retry-classes.md', publishedMarkdown(entries)),
    file('docs/retry-classes.json', publishedJson(entries)),
    file('src/commands/generated/shapes.ts', shapesText(entries, methods)),
    file('docs/commands.md', commandsPage(methods)),
    ...interfaces,
  ]
  return { entries, files, problems: [...missing, ...problems] }
}

/**
 * What is wrong: files that are not what would be made, and commands of which something is missing. Servers of versions that the
 * snapshot has not are only asked for the latter: whoever tests with another version need not generate anew.
 */
export function check(asked: readonly Server[]): string[] {
  const known = new Set(readSnapshot().map(({ name }) => name))
  const { files } = generate(asked.filter(({ name }) => known.has(name)))
  const { problems } = generate(asked)
  const differing = files
    .filter((one) => !isWritten(one))
    .map(({ path }) => `${path} is not what npm run generate makes`)
  return [...problems, ...differing]
}

export function isWritten({ url, text }: GeneratedFile): boolean {
  try {
    return readFileSync(url, 'utf8') === text
  } catch {
    return false
  }
}

const file = (path: string, text: string): GeneratedFile => ({
  path,
  url: new URL(`../../${path}`, import.meta.url),
  text,
})
