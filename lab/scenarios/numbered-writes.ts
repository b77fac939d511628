import type { Expectation } from '../recording/recorder.js'
import type { Said } from '../recording/trace.js'
import type { Stage } from './scenario.js'

/** Errors by which a server of a cluster says that it has not run a command. */
export const clusterRefusals: readonly string[] = ['MOVED', 'ASK', 'TRYAGAIN', 'CLUSTERDOWN', 'READONLY', 'EXECABORT']

interface Write {
  readonly list: string
  readonly number: number
  readonly said: Promise<Said>
}

/** A write to a list, and when its caller was told of its success. */
export interface Success {
  readonly list: string
  readonly at: number
}

/**
 * Writes to lists of a cluster. Each write has a number of its own and must not be repeated, so that the lists show at the end
 * which writes ran, how often, and in which order.
 */
export class NumberedWrites {
  readonly successes: Success[] = []
  readonly #stage: Stage
  readonly #writes: Write[] = []
  #held: Promise<ReadonlyMap<string, readonly string[]>> | undefined

  constructor(stage: Stage) {
    this.#stage = stage
  }

  /**
   * Appends to a list. Call it several times in one tick: the order of the calls is the order that the list should have.
   * @param expectation may it fail, other than by an error by which a server says that it has not run it? Default: it may not
   */
  push(list: string, expectation: Expectation = {}): void {
    const { client, call } = this.#stage
    const number = this.#writes.length + 1
    const run = async (): Promise<unknown> => {
      if (client.rpush === undefined) throw new Error('the client has no method rpush')
      return client.rpush(list, String(number))
    }
    const countRuns = (): Promise<number> => this.#runsOf(list, number)
    const said = call('RPUSH', `${list} ${number}`, run, {
      ...expectation,
      mayRun: 1,
      countRuns,
      refusal: clusterRefusals,
    })
    this.#writes.push({ list, number, said })
    void said.then(({ settled }) => {
      if (settled === 'value') this.successes.push({ list, at: performance.now() })
    })
  }

  /** Resolves when each caller was told something, or has waited too long. */
  async settled(): Promise<void> {
    await Promise.all(this.#writes.map(({ said }) => said))
  }

  /** How many of the writes to these lists succeeded, such as "12 of 14". @returns the text, and whether it is all of them */
  async succeeded(lists: readonly string[]): Promise<[text: string, isAll: boolean]> {
    const said = await Promise.all(this.#writes.filter(({ list }) => lists.includes(list)).map((write) => write.said))
    const count = said.filter(({ settled }) => settled === 'value').length
    return [`${count} of ${said.length}`, count === said.length]
  }

  /** Records whether the lists have the order of the calls, and whether each caller was told the position of its own write. */
  async conclude(): Promise<void> {
    const held = await this.#lists()
    const isInOrder = [...held.values()].every((list) => {
      // If a write ran twice, its first run counts.
      const numbers = [...new Set(list)].map(Number)
      return numbers.every((number, at) => at === 0 || number > (numbers[at - 1] ?? 0))
    })
    this.#stage.find('the writes to each list have the order of their calls', isInOrder)
    const replies = await Promise.all(
      this.#writes.map(async ({ list, number, said }) => {
        const told = await said
        const elements = held.get(list) ?? []
        if (told.settled !== 'value' || !elements.includes(String(number))) return true
        return elements[Number(told.value) - 1] === String(number)
      }),
    )
    this.#stage.find('each caller was told the position of its own write', replies.every(Boolean))
  }

  /**
   * As often as the list has the number. If the list does not have it, but a node ran it, that node was killed before its
   * replica had it: the write has run, and the failover lost it.
   */
  async #runsOf(list: string, number: number): Promise<number> {
    const held = (await this.#lists()).get(list) ?? []
    const count = held.filter((each) => each === String(number)).length
    const seen = this.#stage.cluster?.runsOf('RPUSH', `${list} ${number}`) ?? 0
    return count > 0 ? count : Math.min(1, seen)
  }

  /** What the cluster holds when nothing is written any more. */
  #lists(): Promise<ReadonlyMap<string, readonly string[]>> {
    this.#held ??= this.#read()
    return this.#held
  }

  async #read(): Promise<ReadonlyMap<string, readonly string[]>> {
    const lists = new Set(this.#writes.map(({ list }) => list))
    const read = async (list: string): Promise<[string, readonly string[]]> => {
      const value = await this.#stage.cluster?.read(list)
      return [list, Array.isArray(value) ? value : []]
    }
    return new Map(await Promise.all([...lists].map(read)))
  }
}
