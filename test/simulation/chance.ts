import { crc32 } from 'node:zlib'
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator'

/** All chance of one simulation: the same seed, the same run. */
export class Chance {
  readonly #generator: RandomGenerator

  readonly #seed: number
  readonly #hasParts: boolean

  /** @param hasParts whether the parts of the simulation draw apart from each other */
  constructor(seed: number, hasParts = false) {
    this.#seed = seed
    this.#hasParts = hasParts
    // Neighbouring seeds begin alike: they are spread first, and the first numbers thrown away.
    this.#generator = xoroshiro128plus(Math.imul(seed + 1, 0x9e3779b1))
    for (let i = 0; i < 8; i += 1) this.#generator.next()
  }

  /** The chance of one part of the simulation: how often it draws changes nothing for the others, where parts draw apart. */
  part(name: string): Chance {
    return this.#hasParts ? this.apart(name) : this
  }

  /** A chance that draws apart from this one. */
  apart(name: string): Chance {
    return new Chance(this.#seed ^ crc32(name), true)
  }

  /** A whole number, both bounds included. */
  between(least: number, most: number): number {
    return uniformInt(this.#generator, least, most)
  }

  /** A number in [0, 1). */
  fraction(): number {
    return uniformFloat64(this.#generator)
  }

  /** Whether something happens that happens so often. */
  happens(probability: number): boolean {
    return this.fraction() < probability
  }

  /** One of several, all equally likely. */
  pick<T>(choices: readonly T[]): T {
    return choices[this.between(0, choices.length - 1)] as T
  }

  /** Small numbers often, large ones seldom: half of them in the lowest quarter of the range. */
  skewed(least: number, most: number): number {
    const fraction = this.fraction()
    return least + Math.floor(fraction * fraction * (most - least + 1))
  }
}
