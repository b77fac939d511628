import { pathToFileURL } from 'node:url'
import { findDemoServer } from '../demo/find-server.js'
import type { Client, createClient } from '../dist/index.js'
import { median } from './quantile.js'

/**
 * `npm run bench:compare -- path/to/other/dist/index.js`: this build beside another one of respite, to see what a change
 * has cost. Same process, same server, rounds in turn; the ratio of each round, and their median.
 */

interface Build {
  readonly createClient: typeof createClient
}

const rounds = 31
const burst = Array.from({ length: 1_000 }, (_, index) => index)

const workloads: Readonly<Record<string, (client: Client) => Promise<unknown>>> = {
  'GET, 20 bursts of 1,000': async (client) => {
    for (let i = 0; i < 20; i += 1) await Promise.all(burst.map(() => client.get('compare:key')))
  },
  'GET, 64 loops of 100': (client) =>
    Promise.all(
      Array.from({ length: 64 }, async () => {
        for (let i = 0; i < 100; i += 1) await client.get('compare:key')
      }),
    ),
  'SET, 64 loops of 100': (client) =>
    Promise.all(
      Array.from({ length: 64 }, async () => {
        for (let i = 0; i < 100; i += 1) await client.set('compare:key', 'value')
      }),
    ),
  'GET, 1,000 one at a time': async (client) => {
    for (let i = 0; i < 1_000; i += 1) await client.get('compare:key')
  },
  'SET of 64 kB Buffers, 10 times 100': async (client) => {
    for (let i = 0; i < 10; i += 1) await Promise.all(burst.slice(0, 100).map(() => client.set('compare:large', large)))
  },
  'GET of 8 MB, 10 times': async (client) => {
    for (let i = 0; i < 10; i += 1) await client.with({ buffers: true }).get('compare:huge')
  },
}

const large = Buffer.alloc(64 * 1024, 'x')
const [other] = process.argv.slice(2)
if (other === undefined) throw new TypeError('expected the path of the other build: dist/index.js')

const server = await findDemoServer(process.env.RESPITE_BENCH_URL)
const builds = [
  (await import(new URL('../dist/index.js', import.meta.url).href)) as Build,
  (await import(pathToFileURL(other).href)) as Build,
]
const clients = builds.map((build) => build.createClient({ host: server.host, port: server.port }))
await clients[0]?.set('compare:key', 'value')
await clients[0]?.set('compare:huge', Buffer.alloc(8 * 1024 * 1024, 'x'))

console.log(`| workload | this build is, of ${rounds} rounds (median) | quartiles |\n| --- | ---: | --- |`)
for (const [title, run] of Object.entries(workloads)) {
  const ratios: number[] = []
  for (let round = 0; round < rounds + 2; round += 1) {
    // Whoever is second finds the machine warmer: they take turns.
    const order = round % 2 === 0 ? [0, 1] : [1, 0]
    const taken = [0, 0]
    for (const index of order) {
      const begin = performance.now()
      await run(clients[index] as Client)
      taken[index] = performance.now() - begin
    }
    if (round >= 2) ratios.push((taken[1] as number) / (taken[0] as number))
  }
  const sorted = [...ratios].sort((a, b) => a - b)
  const at = (share: number): string => `${(sorted[Math.floor(share * rounds)] as number).toFixed(2)}x`
  console.log(`| ${title} | ${median(ratios).toFixed(2)}x as fast | ${at(0.25)} to ${at(0.75)} |`)
}
await Promise.all(clients.map((client) => client.close()))
await server.stop()
