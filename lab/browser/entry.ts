// Bundled for a browser: what play-script.js calls.

import { examples } from './examples.js'
import { type Ledger, runSchedule } from './run.js'
import { grammar, hashOf, openedBy, parseSchedule, type Schedule } from './schedule.js'
import { runSeed } from './seed.js'
import { renderSchedule, renderSeed } from './show.js'

/** What is to be shown. */
interface Shown {
  readonly html: string
  readonly ledgers: readonly Ledger[]
}

const respiteLab = {
  examples,
  grammar,
  hashOf,
  openedBy,
  parseSchedule,
  runSchedule,
  runSeed,
  async showSchedule(schedule: Schedule): Promise<Shown> {
    const run = await runSchedule(schedule)
    return { html: renderSchedule(run), ledgers: run.ledgers }
  },
  async showSeed(seed: number): Promise<Shown> {
    return { html: renderSeed(seed, await runSeed(seed)), ledgers: [] }
  },
}

Object.assign(globalThis, { respiteLab })
