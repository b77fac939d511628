/** One call on one key, as its caller saw it. Times are of one clock. */
export interface Operation {
  /** Number of the client that called it. */
  readonly by: number
  /** When it was called. */
  readonly begin: number
  /** When its effect can be no later: its reply, or what proves that it can't run any more; Infinity: never known. */
  readonly end: number
  /** It may not have taken effect at all: its fate is unknown. */
  readonly isOptional: boolean
  readonly action: Action
}

/** What it did. Values are written once each, so that a value read says which write it is of. */
export type Action =
  | { readonly kind: 'write'; readonly value: string }
  | { readonly kind: 'read'; readonly value: string | null }
  /** @param length the reply; undefined if it was lost */
  | { readonly kind: 'push'; readonly value: string; readonly length: number | undefined }
  | { readonly kind: 'range'; readonly values: readonly string[] }

type State = readonly string[]

/**
 * The state after an action on a key, as if nothing else happened at the same time; undefined if its reply was another. A
 * register is a list of at most one value.
 */
function after(state: State, action: Action): State | undefined {
  switch (action.kind) {
    case 'write':
      return [action.value]
    case 'read':
      return (state[0] ?? null) === action.value ? state : undefined
    case 'push':
      return action.length === undefined || action.length === state.length + 1 ? [...state, action.value] : undefined
    case 'range':
      return action.values.length === state.length && action.values.every((value, i) => value === state[i])
        ? state
        : undefined
  }
}

/**
 * Whether a history of one key is linearizable: each operation can be given a moment between its beginning and its end such
 * that, one after the other in the order of these moments, they explain every reply. An optional one may be left out.
 *
 * The search of Wing and Gong, which remembers where it has been (Lowe): it takes any operation that began before the first end of
 * those that are left.
 */
export function isLinearizable(history: readonly Operation[]): boolean {
  const operations = withoutUnseen(history).sort((one, other) => one.begin - other.begin)
  const required = operations.filter(({ isOptional }) => !isOptional).length
  const tried = new Set<string>()
  const done = new Uint8Array(operations.length)

  const search = (state: State, doneRequired: number): boolean => {
    if (doneRequired === required) return true
    const key = `${done.join('')} ${state.join(' ')}`
    if (tried.has(key)) return false
    tried.add(key)
    // An optional one that is left out bounds nothing.
    let firstEnd = Infinity
    for (const [i, { end, isOptional }] of operations.entries()) {
      if (done[i] === 0 && !isOptional) firstEnd = Math.min(firstEnd, end)
    }
    for (const [i, { begin, end, isOptional, action }] of operations.entries()) {
      if (begin > firstEnd) break
      if (done[i] === 1 || !isInTime(operations, done, i, end)) continue
      const next = after(state, action)
      if (next === undefined) continue
      done[i] = 1
      if (search(next, doneRequired + (isOptional ? 0 : 1))) return true
      done[i] = 0
      // A reading that fits now changes nothing: if this leads nowhere, nothing does.
      if (next === state) return false
    }
    return false
  }
  return search([], 0)
}

/** Without writes that may be left out, and that nobody has read. */
function withoutUnseen(history: readonly Operation[]): Operation[] {
  const seen = new Set(history.map(({ action }) => (action.kind === 'read' ? action.value : null)))
  return history.filter(({ isOptional, action }) => !isOptional || action.kind !== 'write' || seen.has(action.value))
}

/** Whether nothing that began after its end was taken before it. */
function isInTime(operations: readonly Operation[], done: Uint8Array, index: number, end: number): boolean {
  if (end === Infinity) return true
  for (let i = operations.length - 1; i > index && (operations[i] as Operation).begin > end; i -= 1) {
    if (done[i] === 1) return false
  }
  return true
}

/** The history without what is not needed to show that it is not linearizable: for a trace that can be read. */
export function shortened(history: readonly Operation[]): Operation[] {
  let left = [...history].sort((one, other) => one.begin - other.begin)
  // Again, because a write is needed as long as a reading of it is left.
  for (let length = Infinity; left.length < length; ) {
    length = left.length
    for (let i = left.length - 1; i >= 0; i -= 1) {
      const without = left.filter((_, index) => index !== i)
      if (!isLinearizable(without) && explains(without)) left = without
    }
  }
  return left
}

/** Whether each value that is read is written: without its write, any reading would be wrong. */
function explains(history: readonly Operation[]): boolean {
  const written = new Set(
    history.flatMap(({ action }) => ('value' in action && action.kind !== 'read' ? [action.value] : [])),
  )
  return history.every(({ action }) => {
    if (action.kind === 'read') return action.value === null || written.has(action.value)
    return action.kind !== 'range' || action.values.every((value) => written.has(value))
  })
}

/** One line for each operation. The clients are named if there are several. */
export function traceOf(history: readonly Operation[]): string[] {
  const isOfSeveral = new Set(history.map(({ by }) => by)).size > 1
  return history.map(({ by, begin, end, isOptional, action }) => {
    const time = `${begin.toFixed(0).padStart(4)} to ${(end === Infinity ? '?' : end.toFixed(0)).padStart(4)} ms`
    return `${time}  ${isOfSeveral ? `client ${by}  ` : ''}${textOf(action)}${isOptional ? '  unknown' : ''}`
  })
}

function textOf(action: Action): string {
  switch (action.kind) {
    case 'write':
      return `SET ${action.value}`
    case 'read':
      return `GET: ${action.value ?? 'nil'}`
    case 'push':
      return `RPUSH ${action.value}${action.length === undefined ? '' : `: ${action.length}`}`
    case 'range':
      return `LRANGE: [${action.values.join(' ')}]`
  }
}
