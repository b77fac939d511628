import { identityOf } from '../recording/identity.js'

/** What happens at one moment of a schedule. */
export type Action =
  /** The application calls a command. */
  | { readonly do: 'call'; readonly args: readonly [name: string, ...args: string[]] }
  /** The application cancels a call, by its signal. */
  | { readonly do: 'cancel'; readonly call: string }
  /** After so many more bytes of this direction, the path ends the connection. */
  | { readonly do: 'cut'; readonly side: Side; readonly after: number; readonly how: 'reset' | 'end' }
  /** The path keeps all bytes of this direction. */
  | { readonly do: 'hold'; readonly side: Side }
  /** The path delivers what it kept, also for connections that the client has given up. */
  | { readonly do: 'release' }
  /** The path drops everything, and nothing tells. */
  | { readonly do: 'black-hole' }
  /** Bytes that are not RESP arrive at the client. */
  | { readonly do: 'garbage' }
  /** The process of the server ends: connections are reset, and new ones refused. Its data stay. */
  | { readonly do: 'down' }
  /** The server starts again. */
  | { readonly do: 'up' }
  /** Another client pushes an element to a list. */
  | { readonly do: 'push'; readonly key: string; readonly value: string }

export type Side = 'requests' | 'replies'

/** A moment, in milliseconds, and what happens then. */
export interface Item {
  readonly at: number
  readonly action: Action
}

/** What is called, what goes wrong, and when. */
export interface Schedule {
  /** Options of the client, by name. */
  readonly options: Readonly<Record<string, string | number | boolean>>
  /** In order of time. */
  readonly items: readonly Item[]
}

/** A line that is not understood. */
export class ScheduleError extends Error {
  constructor(line: number, reason: string) {
    super(`line ${line}: ${reason}`)
    this.name = 'ScheduleError'
  }
}

/** The lines that there are, for the page and for errors. */
export const grammar: readonly (readonly [line: string, meaning: string])[] = [
  ['option retry always', 'an option of the client; its other options have their defaults'],
  ['5 INCR count', 'at 5 ms, the application calls this command; each key only once with the same command'],
  [
    '5 cut replies 2 reset',
    'after 2 more bytes of replies, the connection is reset; with end instead of reset, it gets FIN',
  ],
  ['5 cut requests 30 reset', 'the server gets 30 more bytes of requests, then the connection is reset'],
  ['5 hold requests', 'the path keeps all requests; also: hold replies'],
  ['5 release', 'the path delivers what it kept, even if the client has given up the connection'],
  ['5 black-hole', 'the path drops everything, and nothing tells the client'],
  ['5 garbage', 'bytes that are not RESP arrive at the client'],
  ['5 down', 'the server ends: connections are reset, and new ones are refused'],
  ['5 up', 'the server starts again, with its data'],
  ['5 cancel INCR count', 'the application cancels a call of an earlier line, by its AbortSignal'],
  ['5 push queue job', 'another client pushes an element to a list, for example for BLPOP'],
]

/** More than this would only show that a browser can be made to wait. */
const mostItems = 200
const latestMs = 60_000

/**
 * Reads a schedule, one line for each event: see {@link grammar}. Empty lines and lines that begin with # are ignored.
 * @throws ScheduleError that names the line
 */
export function parseSchedule(text: string): Schedule {
  const options: Record<string, string | number | boolean> = {}
  const items: Item[] = []
  const called = new Set<string>()
  for (const [index, line] of text.split('\n').entries()) {
    const words = line.trim().split(/\s+/)
    const [first = ''] = words
    if (first === '' || first.startsWith('#')) continue
    const fail = (reason: string): never => {
      throw new ScheduleError(index + 1, reason)
    }
    if (first === 'option') {
      if (words.length !== 3) fail('expected: option NAME VALUE')
      options[words[1] as string] = optionValue(words[2] as string)
      continue
    }
    const at = Number(first)
    if (!/^\d+(\.\d+)?$/.test(first) || at > latestMs) fail(`expected a time from 0 to ${latestMs} ms`)
    const action = actionOf(words.slice(1), fail)
    if (action.do === 'call') {
      const id = idOf(action.args)
      if (called.has(id)) fail(`${id} is called twice: the recording could not tell them apart. Use another key`)
      called.add(id)
    }
    if (action.do === 'cancel' && !called.has(action.call)) fail(`no line before this one calls ${action.call}`)
    items.push({ at, action })
    if (items.length > mostItems) fail(`more than ${mostItems} events`)
  }
  return { options, items: items.toSorted((a, b) => a.at - b.at) }
}

function actionOf(words: readonly string[], fail: (reason: string) => never): Action {
  const [verb = '', second = '', third = '', fourth = ''] = words
  const sideOf = (word: string): Side =>
    word === 'requests' || word === 'replies' ? word : fail(`${verb}: expected requests or replies`)
  switch (verb) {
    case 'cut': {
      if (!/^\d+$/.test(third)) fail('cut: expected a number of bytes')
      const how = fourth === 'reset' || fourth === 'end' ? fourth : fail('cut: expected reset or end')
      return { do: 'cut', side: sideOf(second), after: Number(third), how }
    }
    case 'hold':
      return { do: 'hold', side: sideOf(second) }
    case 'release':
    case 'black-hole':
    case 'garbage':
    case 'down':
    case 'up':
      return { do: verb }
    case 'cancel':
      if (second === '') fail('expected: cancel COMMAND KEY')
      return { do: 'cancel', call: idOf(words.slice(1)) }
    case 'push':
      if (words.length !== 3) fail('expected: push KEY VALUE')
      return { do: 'push', key: second, value: third }
    default:
      // Commands are written in capitals, what goes wrong is not.
      if (!/^[A-Z]+$/.test(verb)) {
        fail(`${verb} is none of ${verbs.join(', ')}. Write a command of the server in capitals: ${verb.toUpperCase()}`)
      }
      return { do: 'call', args: [verb, ...words.slice(1)] }
  }
}

const verbs = ['cut', 'hold', 'release', 'black-hole', 'garbage', 'down', 'up', 'push', 'cancel']

/** A call is known by its command and its first argument: see `identityOf`. */
export const idOf = ([name = '', ...args]: readonly string[]): string => `${name} ${identityOf(name, args)}`.trim()

function optionValue(word: string): string | number | boolean {
  if (/^\d+$/.test(word)) return Number(word)
  return word === 'true' || (word === 'false' ? false : word)
}

/** The part of a URL after # that opens a schedule. */
export const hashOf = (text: string): string => `#schedule=${encodeURIComponent(text.trim())}`

/** What a URL opens. */
export type Opened = { readonly schedule: string } | { readonly seed: number }

/**
 * What a URL opens; undefined if it has no part after #.
 * @throws Error if this part is something else, or was cut. If a cut leaves a schedule, that can't be seen
 */
export function openedBy(hash: string): Opened | undefined {
  if (hash === '' || hash === '#') return undefined
  const [, seed] = /^#seed=(\d{1,9})$/.exec(hash) ?? []
  if (seed !== undefined) return { seed: Number(seed) }
  const [, text] = /^#schedule=(.*)$/s.exec(hash) ?? []
  if (text !== undefined) {
    try {
      return { schedule: decodeURIComponent(text) }
    } catch {
      // It ends within a character.
    }
  }
  throw new Error(
    'The link of this page is not whole, or not one of this page: it should end in #schedule=… or #seed=…',
  )
}
