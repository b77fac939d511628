import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import type { DemoServer } from '../demo/find-server.js'
import { findBinary } from '../scripts/find-server.js'
import type { Program } from './channel.js'

/**
 * Binds the server and this process to one core each, if there are two cores and `taskset` is installed. Processes that this one
 * starts later stay on its core.
 *
 * @returns what was done, for the report
 */
export function separateCores(server: Pick<DemoServer, 'pid'>): string {
  if (server.pid === undefined || cpus().length < 2 || findBinary('taskset') === undefined) return 'not pinned to cores'
  execFileSync('taskset', ['-acp', '1', String(server.pid)], { stdio: 'ignore' })
  execFileSync('taskset', ['-acp', '0', String(process.pid)], { stdio: 'ignore' })
  return 'client on core 0, server on core 1'
}

/** The same program, bound to the core of the server: see `separateCores`. */
export function onServerCore({ script, args }: Pick<Program, 'script' | 'args'>): Program {
  const taskset = findBinary('taskset')
  if (taskset === undefined || cpus().length < 2) return { script, args }
  return { script, args, execPath: taskset, execArgv: ['-c', '1', process.execPath] }
}

/** The same program, which may use every core although this process is bound to one: see `separateCores`. */
export function onAllCores({ script, args }: Pick<Program, 'script' | 'args'>): Program {
  const taskset = findBinary('taskset')
  if (taskset === undefined) return { script, args }
  return { script, args, execPath: taskset, execArgv: ['-c', `0-${cpus().length - 1}`, process.execPath] }
}

/** Model and number of the processors. The report does not name the machine. */
export function processors(): string {
  const all = cpus()
  return `${all[0]?.model.trim() ?? 'unknown processor'}, ${all.length} cores`
}

/** Name and version of the packages that are installed. */
export function versionsOf(names: readonly string[]): string[] {
  return names
    .map((name) => ({ name, file: new URL(`../node_modules/${name}/package.json`, import.meta.url) }))
    .filter(({ file }) => existsSync(file))
    .map(({ name, file }) => `${name} ${versionIn(file)}`)
}

/** The version of respite that is measured. */
export const ownVersion = (): string => versionIn(new URL('../package.json', import.meta.url))

function versionIn(file: URL): string {
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}
