import { type ClientCode, simulate } from './simulate.js'

/** Runs the schedule of a seed against a client. */
type Run = (seed: number, code: ClientCode) => Promise<{ readonly violations: readonly unknown[] }>

/** The first seed by which something is seen to be wrong. */
export async function firstFailure(code: ClientCode, seeds: number, run: Run = simulate): Promise<number | undefined> {
  for (let seed = 0; seed < seeds; seed += 1) {
    const isWrong = await run(seed, code).then(
      ({ violations }) => violations.length > 0,
      // A client that throws where it must not is as wrong as one that lies.
      () => true,
    )
    if (isWrong) return seed
  }
  return undefined
}
