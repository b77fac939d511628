import { parseArgs } from 'node:util'
import { wholeNumber } from '../scripts/command-line.js'
import type { Precision } from './rounds.js'
import { type Target, targetOf } from './target.js'
import type { Custom } from './workloads/custom.js'

/** What is asked for on the command line. */
export interface Flags extends Precision {
  /** Part of a title: nothing else is measured. */
  readonly only: string
  /** `full`: everything. `short`: a few workloads and clients in two minutes. `smoke`: everything once; the figures mean nothing. */
  readonly form: 'full' | 'short' | 'smoke'
  /** The server; undefined: one is started on this machine. */
  readonly target: Target | undefined
  /** A workload of one's own, in place of the others. */
  readonly custom: Custom | undefined
  /** Clients that are measured beside respite and the bare socket; undefined: those of the form. */
  readonly clients: readonly string[] | undefined
  /** Folder for the report, the chart and the figures as JSON; undefined: the report is only shown. */
  readonly out: string | undefined
  /** Print the figures as JSON in place of the report. */
  readonly json: boolean
  /** File of figures, written by an earlier run, that this one is compared with. */
  readonly baseline: string | undefined
}

export const help = `npm run bench [-- OPTIONS]: respite beside other clients, each in a process of its own, over the same server

  --short           a few workloads beside ioredis and node-redis: 2 minutes
  --smoke           everything, once and briefly: whether it works. The figures mean nothing
  --only TEXT       only what has TEXT in its title
  --clients A,B     only these clients, beside respite and the bare socket
  --rounds N        rounds at least; default 8, at least 2
  --most N          rounds at most; default 3 times --rounds
  --precision P     rounds go on until every ratio is known to P percent; default 5
  --time MS         length of a client's turn in a round; default 250

  --url URL         a server of your own, also a remote one: redis://user:password@host:6379, rediss: for TLS (the variable
                    NODE_EXTRA_CA_CERTS names the file of your own authority). Only keys that begin with "bench:" are written, or with
                    the variable RESPITE_BENCH_PREFIX; they must not exist before, and are deleted afterwards
  --bytes N         a workload of your own: values of N bytes, or of N-M, small ones as often as large ones
  --loops N         callers, each of which waits for its reply before it sends the next command
  --keys N          different keys
  --writes N        of 100 commands, so many are SET; the others are GET

  --out FOLDER      write clients.md, clients.svg, clients.json, and the chart of the README, to FOLDER; without it, nothing
  --json            print the figures as JSON in place of the report
  --baseline FILE   compare with the clients.json of an earlier run. Exits with 1 if respite lost speed. Where nothing changed, at
                    most 1 run of 100 fails by chance
  --list            the titles, for --only
  --help            this text

Exits with 1 if --baseline finds a loss of speed, with 2 if an option is wrong or nothing can be measured.`

const defaults = {
  full: { rounds: 8, time: 250 },
  short: { rounds: 20, time: 100 },
  smoke: { rounds: 1, time: 20 },
} as const

/** @throws TypeError naming a flag that is unknown or invalid */
export function readFlags(args: readonly string[]): Flags {
  const { values } = parseArgs({
    args: [...args],
    options: {
      short: { type: 'boolean', default: false },
      smoke: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
      clients: { type: 'string' },
      rounds: { type: 'string' },
      most: { type: 'string' },
      precision: { type: 'string', default: '5' },
      time: { type: 'string' },
      url: { type: 'string' },
      bytes: { type: 'string' },
      loops: { type: 'string' },
      keys: { type: 'string' },
      writes: { type: 'string' },
      out: { type: 'string' },
      json: { type: 'boolean', default: false },
      baseline: { type: 'string' },
    },
  })
  const { short, smoke, only, clients, url, out, json, baseline } = values
  if (short && smoke) throw new TypeError('--short and --smoke exclude each other')
  const form = short ? 'short' : smoke ? 'smoke' : 'full'
  // One round has no interval.
  const rounds = values.rounds === undefined ? defaults[form].rounds : wholeNumber('rounds', values.rounds, 2)
  const most = form === 'full' ? 3 * rounds : rounds
  return {
    rounds,
    mostRounds: values.most === undefined ? most : wholeNumber('most', values.most, rounds),
    precision: wholeNumber('precision', values.precision) / 100,
    time: values.time === undefined ? defaults[form].time : wholeNumber('time', values.time),
    only,
    form,
    target: url === undefined ? undefined : targetOf(url),
    custom: customOf(values),
    clients: clients?.split(','),
    out,
    json,
    baseline,
  }
}

interface CustomFlags {
  readonly bytes?: string | undefined
  readonly loops?: string | undefined
  readonly keys?: string | undefined
  readonly writes?: string | undefined
}

/** Undefined where none of these flags is given. */
function customOf({ bytes, loops, keys, writes }: CustomFlags): Custom | undefined {
  if ([bytes, loops, keys, writes].every((value) => value === undefined)) return undefined
  const [least = '', most = least] = (bytes ?? '16').split('-')
  const custom: Custom = {
    bytes: [wholeNumber('bytes', least), wholeNumber('bytes', most, Number(least))],
    loops: wholeNumber('loops', loops ?? '64'),
    keys: wholeNumber('keys', keys ?? '1'),
    writes: wholeNumber('writes', writes ?? '0', 0),
  }
  if (custom.writes > 100) throw new TypeError('--writes must be a whole number from 0 to 100')
  return custom
}
