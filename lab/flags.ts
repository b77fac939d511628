import { parseArgs } from 'node:util'
import { distinct, excludeFrom } from '../scripts/command-line.js'
import { resolveOptions } from '../src/options/resolve.js'
import { clients, installedClients, isFile, nameOf } from './clients/all.js'
import { scenarios } from './scenarios/all.js'

/** The options of the command line. */
export interface Flags {
  /** Ids of scenarios, and files with one. */
  readonly scenarios: readonly string[]
  /** Names of clients, and files with one. */
  readonly clients: readonly string[]
  /** How often each scenario runs with each client. */
  readonly repeat: number
  /** Folder for the trace and the page. */
  readonly out: string
  /** URL of a server; undefined: one that is found, or the built-in one. */
  readonly url: string | undefined
  /** Use the built-in server in any case. */
  readonly isBuiltIn: boolean
  /** Serve the page in which schedules run, instead of running scenarios. */
  readonly serves: boolean
}

/** @throws TypeError for an unknown option, scenario or client */
export function readFlags(args: readonly string[], outFolder: string): Flags {
  const { values } = parseArgs({
    args: [...args],
    options: {
      scenario: { type: 'string', multiple: true },
      only: { type: 'string', multiple: true },
      client: { type: 'string', multiple: true },
      repeat: { type: 'string' },
      out: { type: 'string', default: outFolder },
      url: { type: 'string' },
      'built-in': { type: 'boolean', default: false },
      serve: { type: 'boolean', default: false },
    },
  })
  excludeFrom(values, 'built-in', ['url'])
  // The page has scenarios, a client and a server of its own.
  excludeFrom(values, 'serve', ['scenario', 'only', 'client', 'repeat', 'url', 'built-in'])
  // An invalid URL is a matter of the command line.
  if (values.url !== undefined) resolveOptions(values.url)
  // Not the URL is shown: it may have a password.
  if (values.url?.includes('?')) {
    throw new TypeError(
      '--url: it has options after its "?", and the lab would ignore them: each client has its defaults',
    )
  }
  const { repeat = '1' } = values
  if (!/^[1-9]\d?$/.test(repeat)) throw new TypeError(`--repeat ${repeat}: expected a number from 1 to 99`)
  const named = known('client', clientsOf(values.client), Object.keys(clients))
  distinct('client', named.map(nameOf))
  const ids = scenarios.map(({ id }) => id)
  return {
    // Scenarios from files run alone, unless `--only` names others.
    scenarios: [...known('only', values.only ?? (values.scenario && []), ids), ...(values.scenario ?? [])],
    clients: named,
    repeat: Number(repeat),
    out: values.out,
    url: values.url,
    isBuiltIn: values['built-in'],
    serves: values.serve,
  }
}

/** The most used ones, so that the lab is quick. */
export const defaultClients: readonly string[] = ['respite', 'ioredis', 'node-redis']

/** `all` stands for all of the lab that are installed. */
function clientsOf(asked: readonly string[] = defaultClients): readonly string[] {
  return asked.flatMap((each) => (each === 'all' ? installedClients() : [each]))
}

/** The requested names in the order of the lab, then files; default: all of the lab. */
function known(flag: string, asked: readonly string[] | undefined, all: readonly string[]): readonly string[] {
  for (const each of asked ?? []) {
    if (!all.includes(each) && !isFile(each)) throw new TypeError(`--${flag} ${each}: there are ${all.join(', ')}`)
  }
  return asked === undefined ? all : [...all.filter((each) => asked.includes(each)), ...asked.filter(isFile)]
}
