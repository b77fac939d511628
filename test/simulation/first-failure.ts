import { type ClientCode, simulate } from './simulate.js'

/** The first seed by which something is seen to be wrong. */
export async function firstFailure(code: ClientCode, seeds: number): Promise<number | undefined> {
  for (let seed = 0; seed < seeds; seed += 1) {
    const isWrong = await simulate(seed, code).then(
      ({ violations }) => violations.length > 0,
      // A client that throws where it must not is as wrong as one that lies.
      () => true,
    )
    if (isWrong) return seed
  }
  return undefined
}
