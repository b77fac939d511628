import { parseArgs } from 'node:util'
import { distinct, excludeFrom, wholeNumber } from '../scripts/command-line.js'
import type { Precision } from './rounds.js'
import { type Target, targetOf } from './target.js'
import type { Custom } from './workloads/custom.js'

/** What is asked for on the command line. */
export interface Flags extends Precision {
  /** Part of a title: nothing else is measured. */
  readonly only: string
  /** `full`: everything. `short`: a few workloads and clients in two minutes. `smoke`: everything once; its figures have no meaning. */
  readonly form: 'full' | 'short' | 'smoke'
  /** The server; undefined: one is started on this machine. */
  readonly target: Target | undefined
  /** A workload of the user, in place of the others. */
  readonly custom: Custom | undefined
  /** Clients that respite and the bare socket are measured with; undefined: those of the form. */
  readonly clients: readonly string[] | undefined
  /** Folder for the report, the charts and the figures as JSON; undefined: the report is only shown. */
  readonly out: string | undefined
  /** Print the figures as JSON in place of the report. */
  readonly json: boolean
  /** Figures of an earlier run, which are reported in place of a new run. */
  readonly from: string | undefined
  /** Figures of an earlier run, to find a loss of speed. */
  readonly baseline: string | undefined
  /** Figures of an earlier run of the same code, to find out whether both say the same. */
  readonly agree: string | undefined
}

export const help = `npm run bench [-- OPTIONS]: respite compared with other clients, each in a separate process, on the same server

  --short           a few workloads, compared with ioredis and node-redis: 2 minutes
  --smoke           everything once and briefly, to see whether it works. Its figures have no meaning
  --only TEXT       only the workloads with TEXT in their title
  --clients A,B     only these clients, respite and the bare socket
  --rounds N        the least number of rounds; default 8, at least 2
  --most N          the largest number of rounds; default 2 times --rounds, with --short the same as --rounds
  --precision P     rounds go on until every ratio is known to P percent; default 5
  --time MS         length of a client's turn in a round, after as long a turn that is not measured; default 100

  --url URL         a server of yours, which may be remote: redis://user:password@host:6379, or rediss: for TLS (the variable
                    NODE_EXTRA_CA_CERTS names the file of a private certificate authority). Only keys that begin with "bench:" are
                    written; the variable RESPITE_BENCH_PREFIX sets another prefix. They must not exist, and are deleted at the end
  --bytes N         a workload of yours: values of N bytes, or of N-M bytes, small ones as often as large ones
  --loops N         the same: N callers, each of which waits for its reply before it sends the next command; default 64
  --keys N          the same: N different keys; default 1
  --writes N        the same: N of 100 commands are SET, the others are GET; default 0

  --out FOLDER      write clients.md, clients.svg, clients.json, and the README's summary.svg, to FOLDER. Default: nothing is written
  --json            print the figures as JSON in place of the report. With npm run --silent, nothing else is printed to stdout
  --from FILE       measure nothing: report the clients.json of an earlier run. With --out, its report and charts are written again
  --baseline FILE   compare with the clients.json of an earlier run. Exits with 1 if respite certainly lost more than 3% of its
                    speed. If nothing changed, at most 1 run of 100 fails by chance. "uncertain" in the report: the rounds vary too
                    much to tell
  --agree FILE      check whether the run agrees with the clients.json of an earlier run of the same code, and list the ratios that
                    do not. Exits with 1 if a ratio differs by more than chance explains
  --list            list the titles, for --only
  --help            show this text

Example: npm run bench -- --from run-2/clients.json --agree run-1/clients.json

Exits with 1 if --baseline or --agree fails, with 2 if an option is wrong or nothing can be measured.`

const defaults = {
  full: { rounds: 8, time: 100 },
  short: { rounds: 8, time: 100 },
  smoke: { rounds: 1, time: 20 },
} as const

/** @throws TypeError naming a flag that is unknown or invalid */
export function readFlags(args: readonly string[]): Flags {
  const { values } = parseArgs({
    args: [...args],
    options: {
      short: { type: 'boolean' },
      smoke: { type: 'boolean' },
      only: { type: 'string' },
      clients: { type: 'string' },
      rounds: { type: 'string' },
      most: { type: 'string' },
      precision: { type: 'string' },
      time: { type: 'string' },
      url: { type: 'string' },
      bytes: { type: 'string' },
      loops: { type: 'string' },
      keys: { type: 'string' },
      writes: { type: 'string' },
      out: { type: 'string' },
      json: { type: 'boolean', default: false },
      from: { type: 'string' },
      baseline: { type: 'string' },
      agree: { type: 'string' },
    },
  })
  const { short, smoke, only, clients, url, out, json, from, baseline, agree } = values
  excludeFrom(values, 'short', ['smoke'])
  const measuring = Object.keys(values).find((name) => !['from', 'baseline', 'agree', 'out', 'json'].includes(name))
  if (from !== undefined && measuring !== undefined) {
    throw new TypeError(`--from and --${measuring} exclude each other: nothing is measured`)
  }
  const custom = customOf(values)
  if (custom !== undefined && only !== undefined) {
    throw new TypeError('--only and a workload of --bytes, --loops, --keys and --writes exclude each other')
  }
  const form = short ? 'short' : smoke ? 'smoke' : 'full'
  // One round has no interval.
  const rounds = values.rounds === undefined ? defaults[form].rounds : wholeNumber('rounds', values.rounds, 2)
  const most = form === 'full' ? 2 * rounds : rounds
  return {
    rounds,
    mostRounds: values.most === undefined ? most : wholeNumber('most', values.most, rounds),
    precision: wholeNumber('precision', values.precision ?? '5') / 100,
    time: values.time === undefined ? defaults[form].time : wholeNumber('time', values.time),
    only: only ?? '',
    form,
    target: url === undefined ? undefined : targetOf(url),
    custom,
    clients: clients === undefined ? undefined : distinct('clients', clients.split(',')),
    out,
    json,
    from,
    baseline,
    agree,
  }
}

interface CustomFlags {
  readonly bytes?: string | undefined
  readonly loops?: string | undefined
  readonly keys?: string | undefined
  readonly writes?: string | undefined
}

/** Undefined if none of these flags is set. */
function customOf({ bytes, loops, keys, writes }: CustomFlags): Custom | undefined {
  if ([bytes, loops, keys, writes].every((value) => value === undefined)) return undefined
  const [, least = '', most = least] = /^([^-]*)(?:-([^-]*))?$/.exec(bytes ?? '16') ?? ['', bytes]
  // Each key has a value of one length.
  if (least !== most && keys === undefined) {
    throw new TypeError(
      '--bytes with a range needs --keys, such as --keys 1000: each key has a value of another length',
    )
  }
  const custom: Custom = {
    bytes: [wholeNumber('bytes', least), wholeNumber('bytes', most, Number(least))],
    loops: wholeNumber('loops', loops ?? '64'),
    keys: wholeNumber('keys', keys ?? '1'),
    writes: wholeNumber('writes', writes ?? '0', 0),
  }
  if (custom.writes > 100) throw new TypeError('--writes must be a whole number from 0 to 100')
  return custom
}
