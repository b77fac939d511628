// Run by main.ts, a process for each client: performer.ts CLIENT HOST PORT SCENARIO...
// An exception that nobody catches must not be another client's misfortune.

import { clients } from './clients/all.js'
import { perform } from './perform.js'
import { scenarios } from './scenarios/all.js'

const [name = '', host = '', port = '', ...ids] = process.argv.slice(2)
const make = clients[name]
if (make === undefined) throw new TypeError(`there is no client ${name}`)

// What comes out when a scenario is over already belongs to none: it is said, and the next one is played.
process.on('uncaughtException', (error) => {
  if (process.listenerCount('uncaughtException') === 1) console.error(`${name}, between two scenarios: ${error}`)
})

// Whoever asked for it is gone, by whatever signal: nobody is left to play for.
process.once('disconnect', () => process.exit(1))

for (const scenario of scenarios.filter(({ id }) => ids.includes(id))) {
  try {
    const performance = await perform(scenario, name, make, { host, port: Number(port) })
    await new Promise((resolve) => process.send?.(performance, resolve))
  } catch (error) {
    // Not left to the listener above, which would take the lab's own failure for a client's.
    console.error(`${name}, ${scenario.id}:`, error)
    process.exit(1)
  }
}
// Some clients leave timers or sockets behind: the process is done, whatever they think.
process.exit()
