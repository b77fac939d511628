import { range } from './data.js'
import type { Run } from './workload.js'

type Send = (turn: number) => Promise<unknown>

const common = { callers: 64, turns: 16 }

/** Commands that a call of {@link loops} or {@link loopsOf} sends. */
export const loopsCount = common.callers * common.turns

/** 64 callers, each of which waits for its reply before it sends the next command. */
export const loops = (send: Send): Run => loopsOf(() => send)

/** The same; `begin` is called for each caller. */
export const loopsOf =
  (begin: () => Send, { callers, turns }: { readonly callers: number; readonly turns: number } = common): Run =>
  () =>
    Promise.all(
      range(callers).map(async () => {
        const send = begin()
        for (let turn = 0; turn < turns; turn += 1) await send(turn)
      }),
    )

/** All in one tick. */
export const burst = (count: number, send: () => Promise<unknown>): Run => {
  const indexes = range(count)
  return () => Promise.all(indexes.map(send))
}

/** One after another. */
export const inTurn =
  (count: number, send: () => Promise<unknown>): Run =>
  async () => {
    for (let i = 0; i < count; i += 1) await send()
  }
