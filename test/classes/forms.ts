import { readFileSync } from 'node:fs'
import type { Argument } from '../../src/protocol/types.js'
import type { Chance } from '../simulation/chance.js'

/** A form of a command, of which random calls are made. */
export interface Form {
  readonly text: string
  readonly words: readonly string[]
}

/** Gives the value of a placeholder, `{s}`. */
export type Fill = (placeholder: string) => Argument

export function readForms(file: 'forms.txt' | 'cluster-forms.txt'): Form[] {
  const text = readFileSync(new URL(file, import.meta.url), 'utf8')
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return lines.map((line) => ({ text: line, words: split(line) }))
}

/** At spaces outside of quotes and brackets. */
function split(text: string): string[] {
  return text.match(/'[^']*'|"[^"]*"|\[[^\]]*\]|[^ ]+/g) ?? []
}

/** One call of that form, by chance. */
export function callOf({ words }: Form, chance: Chance, fill: Fill): Argument[] {
  return words.flatMap((given): Argument[] => {
    if (/^\[.*\|.*\]$/s.test(given)) {
      const choices = given.slice(1, -1).split('|')
      return split(chance.pick(choices)).map((part) => argumentOf(part, fill))
    }
    return [argumentOf(given, fill)]
  })
}

function argumentOf(given: string, fill: Fill): Argument {
  const placeholder = /^\{(\w+)\}$/.exec(given)?.[1]
  if (placeholder !== undefined) return fill(placeholder)
  return /^(['"]).*\1$/s.test(given) ? given.slice(1, -1) : given
}
