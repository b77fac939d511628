import type { RespiteError } from '../../src/index.js'
import type { Action, Operation } from './checker.js'

export type Structure = 'register' | 'list'

/** What one caller uses of a client. */
export interface Caller {
  get(key: string): Promise<string | null>
  set(key: string, value: string): Promise<unknown>
  rpush(key: string, value: string): Promise<number>
  lrange(key: string, start: number, stop: number): Promise<string[]>
}

/** The history of one key, as its callers see it: each value is written once. */
export class History {
  readonly key: string
  readonly structure: Structure
  /** Values whose writes were acknowledged. */
  readonly acknowledged: string[] = []
  /** Values whose writes have not run, as their errors say. */
  readonly notExecuted: string[] = []
  readonly #now: () => number
  #operations: Operation[] = []
  #writes = 0
  /** What is not known yet: whether a rejected write is fenced. */
  readonly #open: Promise<void>[] = []

  constructor(key: string, structure: Structure, now: () => number) {
    this.key = key
    this.structure = structure
    this.#now = now
  }

  get operations(): readonly Operation[] {
    return this.#operations
  }

  /** One call, a write or not, until it settles. @param by number of the client */
  async call(caller: Caller, isWrite: boolean, by: number): Promise<void> {
    const begin = this.#now()
    this.#writes += isWrite ? 1 : 0
    const value = `${this.#writes}`
    try {
      const action = await this.#carryOut(caller, isWrite, value)
      this.#operations.push({ by, begin, end: this.#now(), isOptional: false, action })
      if (isWrite) this.acknowledged.push(value)
    } catch (error) {
      if (!isWrite) return
      const action = this.#write(value, undefined)
      this.#onRejected({ by, begin, end: Infinity, isOptional: true, action }, value, error as RespiteError)
    }
  }

  /** Resolves when it is known of each rejected write whether it is fenced. */
  async settled(): Promise<void> {
    await Promise.all(this.#open)
  }

  async #carryOut(caller: Caller, isWrite: boolean, value: string): Promise<Action> {
    if (this.structure === 'register') {
      if (!isWrite) return { kind: 'read', value: await caller.get(this.key) }
      await caller.set(this.key, value)
      return this.#write(value, undefined)
    }
    if (!isWrite) return { kind: 'range', values: await caller.lrange(this.key, 0, -1) }
    return this.#write(value, await caller.rpush(this.key, value))
  }

  #write(value: string, length: number | undefined): Action {
    return this.structure === 'register' ? { kind: 'write', value } : { kind: 'push', value, length }
  }

  /** What the error of a write says is part of the history. The caller goes on meanwhile. */
  #onRejected(operation: Operation, value: string, error: RespiteError): void {
    if (error.fate === 'not-executed' || error.fate === 'refused') {
      this.notExecuted.push(value)
      return
    }
    if (error.fate === 'executed') {
      this.#operations.push({ ...operation, end: this.#now(), isOptional: false })
      return
    }
    // Until it is known to be fenced, it may run at any time.
    this.#operations.push(operation)
    this.#open.push(this.#onUnknown(operation, value, error))
  }

  async #onUnknown(operation: Operation, value: string, { fenced, resolved }: RespiteError): Promise<void> {
    const [isFenced, became] = await Promise.all([fenced, resolved])
    if (became === 'not-executed' || became === 'refused') {
      this.notExecuted.push(value)
      this.#operations = this.#operations.filter((other) => other !== operation)
      return
    }
    if (isFenced !== true && became !== 'executed') return
    const known = { ...operation, end: this.#now(), isOptional: became !== 'executed' }
    this.#operations = this.#operations.map((other) => (other === operation ? known : other))
  }
}
