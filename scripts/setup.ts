import { spawnSync } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import { findBinary, findServer, noServerMessage, type ServerSource } from './find-server.js'

/** Sees to it that tests find a real server. */

/** How a package manager installs one. */
interface Installer {
  readonly program: string
  readonly commands: readonly (readonly string[])[]
  readonly needsRoot: boolean
}

const installers: readonly Installer[] = [
  {
    program: 'apt-get',
    commands: [
      ['apt-get', 'update'],
      ['apt-get', 'install', '-y', '--no-install-recommends', 'redis-server'],
    ],
    needsRoot: true,
  },
  { program: 'apk', commands: [['apk', 'add', 'valkey']], needsRoot: true },
  { program: 'dnf', commands: [['dnf', 'install', '-y', 'valkey']], needsRoot: true },
  { program: 'brew', commands: [['brew', 'install', 'valkey']], needsRoot: false },
]

/** What setup knows of the machine. */
export interface Machine {
  readonly server: ServerSource | undefined
  has(program: string): boolean
  readonly isRoot: boolean
  /** `sudo` works without asking for a password. */
  readonly canSudo: boolean
}

/** What setup is to do. */
export type Plan =
  | { readonly action: 'nothing'; readonly server: ServerSource }
  | { readonly action: 'install'; readonly commands: readonly (readonly string[])[] }
  | { readonly action: 'explain' }

/** Decides what to do on a machine. */
export function plan(machine: Machine): Plan {
  if (machine.server !== undefined) return { action: 'nothing', server: machine.server }
  const installer = installers.find(({ program }) => machine.has(program))
  if (installer === undefined) return { action: 'explain' }
  if (!installer.needsRoot || machine.isRoot) return { action: 'install', commands: installer.commands }
  if (!machine.canSudo) return { action: 'explain' }
  return { action: 'install', commands: installer.commands.map((command) => ['sudo', '-n', ...command]) }
}

function thisMachine(): Machine {
  const has = (program: string): boolean => findBinary(program) !== undefined
  return {
    server: findServer(),
    has,
    isRoot: process.getuid?.() === 0,
    canSudo: has('sudo') && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0,
  }
}

function run(command: readonly string[]): boolean {
  console.log(`setup: ${command.join(' ')}`)
  const [program = '', ...args] = command
  // Debian starts a server of its own after an install, unless told otherwise: tests start theirs.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
  return spawnSync(program, args, { stdio: ['ignore', 'inherit', 'inherit'], env }).status === 0
}

function main(): number {
  const decision = plan(thisMachine())
  switch (decision.action) {
    case 'nothing': {
      const { server } = decision
      const which =
        server.kind === 'binary' ? server.path : server.kind === 'url' ? 'RESPITE_TEST_URL' : 'a container engine'
      console.log(`setup: nothing to do, tests will use ${which}`)
      return 0
    }
    case 'install':
      if (decision.commands.every(run) && findServer() !== undefined) return 0
      console.error(`setup: the installation failed.\n${noServerMessage}`)
      return 1
    case 'explain':
      console.error(noServerMessage)
      return 1
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.exitCode = main()
