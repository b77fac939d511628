import { readFileSync, writeFileSync } from 'node:fs'
import { serverPrograms, startServer } from '../../test/support/server.js'
import { joinEntries } from './entries.js'
import { askServer, type Server } from './facts.js'
import { readKnowledge } from './knowledge.js'
import { merge, readSnapshot, snapshotFile, snapshotText } from './snapshot.js'
import { tableText } from './table-text.js'

/**
 * `npm run generate`: asks the servers of this machine what they offer, and writes what is made of it. With `--check` nothing
 * is written, and a difference is an error.
 */

const root = new URL('../../', import.meta.url)

async function askAll(): Promise<Server[]> {
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

const asked = await askAll()
const servers = merge(readSnapshot(), asked)
const { entries, problems } = joinEntries(servers, readKnowledge())
for (const problem of problems) console.error(problem)

const outputs: readonly (readonly [url: URL, text: string])[] = [
  [snapshotFile, snapshotText(servers)],
  [new URL('src/commands/generated/commands.ts', root), tableText(entries)],
]
const differing = outputs.filter(([url, text]) => read(url) !== text)
if (process.argv.includes('--check')) {
  for (const [url] of differing) console.error(`${url.pathname.slice(root.pathname.length)}: run npm run generate`)
  process.exitCode = differing.length + problems.length === 0 ? 0 : 1
} else {
  for (const [url, text] of differing) writeFileSync(url, text)
  process.exitCode = problems.length === 0 ? 0 : 1
}
console.log(
  `${entries.length} commands; asked: ${asked.map(({ name }) => name).join(', ')}; written: ${differing.length}`,
)

function read(url: URL): string | undefined {
  try {
    return readFileSync(url, 'utf8')
  } catch {
    return undefined
  }
}
