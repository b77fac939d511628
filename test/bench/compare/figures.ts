import type { Measured, Turn } from '../../../bench/compare/rounds.js'
import { type Row, rows } from '../../../bench/compare/rows.js'

/** Finds a row of the comparison by a part of its title. */
export function rowOf(title: string): Row {
  const found = rows.find((row) => row.title.includes(title))
  if (found === undefined) throw new Error(`no row: ${title}`)
  return found
}

/** A measured row: for each round, a figure of version 0.1 and a figure of this build. */
export const measured = (title: string, ...rounds: (readonly [number, number])[]): Measured => ({
  row: rowOf(title),
  rounds: rounds.map(([baseline, present]) => [turn('baseline', baseline), turn('present', present)]),
})

/** A turn, with the doubling time of a linear decoder. */
export const turn = (side: Turn['side'], value: number, doubling = 2): Turn => ({ side, value, doubling })
