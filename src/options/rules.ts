/** In milliseconds. A longer delay overflows the timers of the platform, which then fire immediately. */
export const longestDelay = 2 ** 31 - 1

/** The rule for the values of one option. */
export interface Rule {
  /** Completes the message "expected ...". */
  readonly expected: string
  readonly accepts: (value: unknown) => boolean
  /** Converts text from a URL's query to a value, which is then checked; undefined if a URL can't hold the option. */
  readonly fromText?: (text: string) => unknown
  /** Rules for the members of an object, or of each object in a list. */
  readonly members?: Rules
  /** Errors never show its value. */
  readonly isSecret?: boolean
}

/** Rules by option name. */
export type Rules = Readonly<Record<string, Rule>>

const numberFromText = (text: string): unknown => (/^(\d+|Infinity)$/.test(text) ? Number(text) : text)
const booleanFromText = (text: string): unknown => (text === 'true' ? true : text === 'false' ? false : text)

/** Milliseconds, from `least` to the longest delay of a timer or to `most`. */
export function milliseconds(least: number, meaningOfZero?: string, most = longestDelay): Rule {
  return {
    expected: `milliseconds from ${least} to ${most}${meaningOfZero === undefined ? '' : ` (0: ${meaningOfZero})`}`,
    accepts: (value) => typeof value === 'number' && value >= least && value <= most,
    fromText: numberFromText,
  }
}

export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): Rule {
  return {
    expected: `a whole number from ${least}${most === Number.MAX_SAFE_INTEGER ? '' : ` to ${most}`}`,
    accepts: (value) => Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most,
    fromText: numberFromText,
  }
}

/** A whole number that is 1 or more, or Infinity for no limit. */
export function count(): Rule {
  const finite = wholeNumber(1)
  return {
    ...finite,
    expected: `${finite.expected}, or Infinity`,
    accepts: (value) => value === Infinity || finite.accepts(value),
  }
}

export function oneOf(...choices: readonly (string | number)[]): Rule {
  return {
    expected: choices.map((choice) => (typeof choice === 'string' ? `'${choice}'` : choice)).join(' or '),
    accepts: (value) => (choices as readonly unknown[]).includes(value),
    fromText: numberFromText,
  }
}

export function boolean(): Rule {
  return { expected: 'true or false', accepts: (value) => typeof value === 'boolean', fromText: booleanFromText }
}

/** Text that can be encoded as UTF-8, because it has no lone surrogate. */
export const isText = (value: unknown): value is string => typeof value === 'string' && value.isWellFormed()

export function text(expected = 'well-formed text', pattern = /^/): Rule {
  return { expected, accepts: (value) => isText(value) && pattern.test(value), fromText: (given) => given }
}

/** A value that the query of a URL can't hold. */
export function instance(expected: string, accepts: (value: unknown) => boolean): Rule {
  return { expected, accepts }
}

/** Returns a rule for the same values, which a URL can't contain. */
export function notInUrl({ expected, accepts }: Rule): Rule {
  return { expected, accepts }
}

/** A nested object of options. */
export function group(members: Rules): Rule {
  return { expected: `an object with ${Object.keys(members).join(', ')}`, accepts: isPlainObject, members }
}

/** Rejects other objects, such as a Map or an AbortSignal: they may have no own properties, and would be silently ignored. */
export function isPlainObject(value: unknown): boolean {
  if (!isRecord(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  // Objects from another realm have a different Object.prototype.
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Checks every option in `given` against its rule; undefined counts as omitted.
 * @param prefix added before the option names in errors, such as `blocking.`
 * @throws TypeError that names the first unknown or invalid option
 */
export function checkOptions(given: object, rules: Rules, prefix = ''): void {
  // Object.entries would allocate pairs, and `with` may be called for every command.
  for (const name of Object.keys(given)) {
    const value = (given as Readonly<Record<string, unknown>>)[name]
    const rule = ruleOf(name, rules, prefix)
    if (value !== undefined) checkOption(`${prefix}${name}`, value, rule)
  }
}

/**
 * Returns the rule of an option.
 * @throws TypeError if there is no such option
 */
export function ruleOf(name: string, rules: Rules, prefix = ''): Rule {
  const rule = Object.hasOwn(rules, name) ? rules[name] : undefined
  if (rule !== undefined) return rule
  const names = Object.keys(rules)
  const near = nearest(name, names)
  const advice = near === undefined ? 'the' : `did you mean ${prefix}${near}? The`
  throw new TypeError(`unknown option ${prefix}${name}: ${advice} options are ${names.join(', ')}`)
}

/** Returns the name that has the most letter pairs in common with a misspelt one; undefined if none has many. */
function nearest(misspelt: string, names: readonly string[]): string | undefined {
  const pairs = pairsOf(misspelt)
  const shareOf = (name: string): number => {
    const others = pairsOf(name)
    return others.filter((pair) => pairs.includes(pair)).length / Math.max(pairs.length, others.length)
  }
  const [near = ''] = names.toSorted((one, other) => shareOf(other) - shareOf(one))
  return shareOf(near) > 0.35 ? near : undefined
}

function pairsOf(name: string): string[] {
  // The space in front adds a pair for the first letter, because the first letter is seldom misspelt.
  const text = ` ${name.toLowerCase()}`
  return Array.from(text, (_, index) => text.slice(index, index + 2))
}

/** The error for an option whose value is not what was expected. */
export function invalid(name: string, expected: string): TypeError {
  return new TypeError(`invalid option ${name}: expected ${expected}`)
}

/** @throws TypeError that names the option and says what was expected */
export function checkOption(name: string, value: unknown, rule: Rule): void {
  if (!rule.accepts(value)) {
    const got = rule.isSecret ? `a value of type ${typeof value}` : describe(value)
    throw invalid(name, `${rule.expected}; got ${got}`)
  }
  if (rule.members === undefined) return
  if (isRecord(value)) checkOptions(value, rule.members, `${name}.`)
  if (!Array.isArray(value)) return
  for (const [index, item] of value.entries()) checkOptions(item, rule.members, `${name}[${index}].`)
}

/** Never shows the text of a string, because it may be a secret in the wrong place. */
function describe(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value)
  if (value === '') return 'an empty string'
  if (typeof value === 'string') return 'a string (not shown)'
  if (Array.isArray(value)) return 'an array'
  return `a value of type ${typeof value}`
}
