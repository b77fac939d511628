import { execFileSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Where a real server for tests can come from, in the order in which they are tried. */
export type ServerSource =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'binary'; readonly path: string }
  | { readonly kind: 'containers' }

/** Server programs, by the names under which distributions install them, and those of further versions beside them. */
export const serverBinaries = ['valkey-server', 'redis-server', 'redis-server-8', 'valkey-server-9'] as const

/** What is said where none can be found. */
export const noServerMessage = [
  'No Redis or Valkey server was found. Provide one in any of three ways:',
  '  1. name a running one:   RESPITE_TEST_URL=redis://localhost:6379 (its data may be changed)',
  '  2. install one:          npm run setup, or a package with valkey-server or redis-server, on the PATH',
  '  3. run Docker or podman: testcontainers then starts redis:8 (DOCKER_HOST names its socket)',
].join('\n')

/** The program of that name on the PATH. */
export function findBinary(name: string, path = process.env.PATH ?? ''): string | undefined {
  for (const folder of path.split(delimiter)) {
    const candidate = join(folder, name)
    try {
      accessSync(candidate, constants.X_OK)
      return candidate
    } catch {
      // Not here: the next folder may have it.
    }
  }
  return undefined
}

/** Whether a container engine answers. */
export function hasContainerEngine(): boolean {
  try {
    execFileSync('docker', ['info'], { stdio: 'ignore', timeout: 10_000 })
    return true
  } catch {
    return false
  }
}

/** Finds a server, or undefined. */
export function findServer(environment: NodeJS.ProcessEnv = process.env): ServerSource | undefined {
  const url = environment.RESPITE_TEST_URL
  if (url !== undefined && url !== '') return { kind: 'url', url }
  for (const name of ['valkey-server', 'redis-server']) {
    const path = findBinary(name, environment.PATH)
    if (path !== undefined) return { kind: 'binary', path }
  }
  return hasContainerEngine() ? { kind: 'containers' } : undefined
}
