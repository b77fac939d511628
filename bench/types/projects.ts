import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Projects that use one client or the other, and how long the compiler takes for them. */

export const clients = {
  respite: "import { createClient } from 'respite'\nconst client = createClient()\n",
  ioredis: "import { Redis } from 'ioredis'\nconst client = new Redis()\n",
}

/** Calls that compile with both clients. */
const calls = `
  await client.set('k', 'v')
  await client.set('k', 'v', 'EX', 10)
  await client.set('k', 'v', 'NX')
  const value = await client.get('k')
  const values = await client.mget('a', 'b')
  const count = await client.incr('n')
  const ttl = await client.ttl('k')
  await client.expire('k', 60)
  await client.del('a', 'b')
  await client.hset('h', { name: 'Ada', age: 36 })
  await client.hset('h', 'f', 'v')
  const hash = await client.hgetall('h')
  await client.rpush('l', 'a', 'b')
  const list = await client.lrange('l', 0, -1)
  const popped = await client.blpop('l', 1)
  await client.sadd('s', 'a', 'b')
  const members = await client.smembers('s')
  await client.zadd('z', 1, 'a', 2, 'b')
  await client.zadd('z', 'NX', 1, 'a')
  const range = await client.zrange('z', 0, '-1')
  await client.xadd('x', '*', 'f', 'v')
  await client.xadd('x', 'MAXLEN', '~', '1000', '*', 'f', 'v')
  const entries = await client.xrange('x', '-', '+')
  await client.geoadd('g', 13.4, 52.5, 'Berlin')
  const results = await client.multi().incr('a').get('b').set('c', 'd').exec()
  await client.publish('news', 'hello')
  await client.eval('return 1', 0)
  return [value, values, count, ttl, hash, list, popped, members, range, entries, results]
`

const functionOf = (i: number): string => `export async function f${i}(): Promise<unknown> {${calls}}\n`

/** The code after the line that creates the client. */
export const programs = {
  'one call': "export const value = await client.get('k')\n",
  '1,080 calls in 40 functions': Array.from({ length: 40 }, (_, i) => functionOf(i)).join(''),
}

/** The compiler's diagnostics of a check. */
export interface Diagnostics {
  readonly types: number
  readonly instantiations: number
  /** Seconds. */
  readonly checkTime: number
  readonly totalTime: number
}

/** Folders with one program each. The built package of this project and its dependencies can be imported there. */
export class Projects {
  readonly #folder = mkdtempSync(join(tmpdir(), 'respite-types-'))

  constructor() {
    const root = fileURLToPath(new URL('../..', import.meta.url))
    mkdirSync(join(this.#folder, 'node_modules'))
    symlinkSync(root, join(this.#folder, 'node_modules/respite'))
    for (const name of ['ioredis', '@types']) {
      symlinkSync(join(root, 'node_modules', name), join(this.#folder, 'node_modules', name))
    }
    writeFileSync(join(this.#folder, 'package.json'), '{"type":"module"}')
  }

  /**
   * Checks a program.
   * @param compiler path of tsc
   * @throws Error with the compiler's first messages, if the program has errors
   */
  check(compiler: string, client: keyof typeof clients, program: keyof typeof programs): Diagnostics {
    writeFileSync(join(this.#folder, 'program.ts'), `${clients[client]}${programs[program]}`)
    const compilerOptions = {
      strict: true,
      module: 'nodenext',
      target: 'es2022',
      lib: ['es2023', 'esnext.disposable'],
      types: ['node'],
      skipLibCheck: true,
      noEmit: true,
    }
    writeFileSync(join(this.#folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['program.ts'] }))
    const args = [compiler, '-p', this.#folder, '--extendedDiagnostics']
    try {
      return read(execFileSync(process.execPath, args, { encoding: 'utf8' }))
    } catch (error) {
      const { stdout } = error as { readonly stdout?: string }
      throw new Error(`${client}: ${stdout?.slice(0, 400)}`, { cause: error })
    }
  }

  delete(): void {
    rmSync(this.#folder, { recursive: true })
  }
}

function read(printed: string): Diagnostics {
  const figure = (name: string): number => {
    const found = new RegExp(`^${name}:\\s+([\\d.]+)s?$`, 'm').exec(printed)?.[1]
    if (found === undefined) throw new Error(`the compiler's output lacks: ${name}`)
    return Number(found)
  }
  return {
    types: figure('Types'),
    instantiations: figure('Instantiations'),
    checkTime: figure('Check time'),
    totalTime: figure('Total time'),
  }
}
