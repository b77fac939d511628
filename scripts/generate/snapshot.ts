import { readFileSync } from 'node:fs'
import type { Commands, Facts, Server } from './facts.js'

/**
 * What servers told when they were last asked, for those that are not here now: each distinct fact once, with the servers that
 * say so.
 */
interface Snapshot {
  readonly servers: readonly string[]
  readonly commands: Readonly<Record<string, readonly Variant[]>>
}
type Variant = Facts & { readonly servers: readonly number[] }

const file = new URL('snapshot.json', import.meta.url)

export function readSnapshot(): Server[] {
  const { servers, commands } = JSON.parse(readFileSync(file, 'utf8')) as Snapshot
  return servers.map((name, index) => {
    const offered: Record<string, Facts> = {}
    for (const [command, variants] of Object.entries(commands)) {
      const variant = variants.find((one) => one.servers.includes(index))
      if (variant === undefined) continue
      const { servers: _, ...facts } = variant
      offered[command] = facts
    }
    return { name, commands: offered }
  })
}

/** The servers asked now in place of what the snapshot has of them. */
export function merge(old: readonly Server[], asked: readonly Server[]): Server[] {
  const servers = new Map([...old, ...asked].map((server) => [server.name, server]))
  return [...servers.values()].sort((one, other) => (one.name < other.name ? -1 : 1))
}

/** One line for each command, so that a change can be read. */
export function snapshotText(servers: readonly Server[]): string {
  const names = [...new Set(servers.flatMap(({ commands }) => Object.keys(commands)))].sort()
  const lines = names.map((name) => `${JSON.stringify(name)}:${JSON.stringify(variantsOf(name, servers))}`)
  return `{"servers":${JSON.stringify(servers.map(({ name }) => name))},"commands":{\n${lines.join(',\n')}\n}}\n`
}

function variantsOf(name: string, servers: readonly { readonly commands: Commands }[]): Variant[] {
  const variants = new Map<string, { servers: number[]; facts: Facts }>()
  servers.forEach(({ commands }, index) => {
    const facts = commands[name]
    if (facts === undefined) return
    const text = JSON.stringify(facts)
    const variant = variants.get(text)
    if (variant === undefined) variants.set(text, { servers: [index], facts })
    else variant.servers.push(index)
  })
  return [...variants.values()].map(({ servers: told, facts }) => ({ servers: told, ...facts }))
}
