// Run by main.ts, some processes for each client: an uncaught exception of one client must not affect another one.

import { once } from 'node:events'
import { leave } from '../scripts/at-end.js'
import { messageOf } from '../src/errors.js'
import { loadClient, nameOf } from './clients/all.js'
import { perform, type Server } from './perform.js'
import { loadScenario } from './scenarios/load-scenario.js'

/** What main.ts sends first. Not as arguments of the process: everybody could read the password. */
export interface Job {
  /** A name, or a file. */
  readonly client: string
  readonly server: Server
  /** Ids, or files. */
  readonly scenarios: readonly string[]
}

const [job] = (await once(process, 'message')) as [Job]
const name = nameOf(job.client)
const make = await loadClient(job.client)

// An exception that comes between two scenarios belongs to neither: it is printed, and the next scenario runs.
process.on('uncaughtException', (error) => {
  if (process.listenerCount('uncaughtException') === 1) console.error(`${name}, between two scenarios: ${error}`)
})

// The parent process is gone.
process.once('disconnect', () => void leave(1))

for (const id of job.scenarios) {
  try {
    const performance = await perform(await loadScenario(id), name, make, job.server)
    await new Promise((resolve) => process.send?.(performance, resolve))
  } catch (error) {
    // Not left to the listener above: the client can't be run here. It is said in one line, as everything that is wrong.
    const [reason] = messageOf(error).split('\n')
    console.error(`${name}, ${id}: ${reason}`)
    process.exit(1)
  }
}
// Some clients leave timers or sockets behind, which would keep the process alive.
process.exit()
