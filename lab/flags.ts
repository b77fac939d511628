import { parseArgs } from 'node:util'
import { clients } from './clients/all.js'
import { scenarios } from './scenarios/all.js'

/** What was asked for on the command line. */
export interface Flags {
  /** Ids of scenarios. */
  readonly scenarios: readonly string[]
  /** Names of clients. */
  readonly clients: readonly string[]
  /** Folder for the trace and the page. */
  readonly out: string
  /** Of a server; undefined: whatever is found, or the built-in one. */
  readonly url: string | undefined
  /** The built-in server, whatever else there is. */
  readonly isBuiltIn: boolean
}

/** @throws TypeError naming a flag, a scenario or a client that there isn't */
export function readFlags(args: readonly string[], outFolder: string): Flags {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', multiple: true },
      client: { type: 'string', multiple: true },
      out: { type: 'string', default: outFolder },
      url: { type: 'string' },
      'built-in': { type: 'boolean', default: false },
    },
  })
  return {
    scenarios: known(
      'only',
      values.only,
      scenarios.map(({ id }) => id),
    ),
    clients: known('client', values.client, Object.keys(clients)),
    out: values.out,
    url: values.url,
    isBuiltIn: values['built-in'],
  }
}

function known(flag: string, asked: readonly string[] | undefined, all: readonly string[]): readonly string[] {
  for (const each of asked ?? []) {
    if (!all.includes(each)) throw new TypeError(`--${flag} ${each}: there are ${all.join(', ')}`)
  }
  return asked === undefined ? all : all.filter((each) => asked.includes(each))
}
