/** Milliseconds. Longer delays overflow the platform's timers, which then fire at once. */
export const longestDelay = 2 ** 31 - 1

/** What one option may be. */
export interface Rule {
  /** Completes the sentence "expected ...". */
  readonly expected: string
  readonly accepts: (value: unknown) => boolean
  /** Turns text of a URL's query into a value, which is then judged as any other; absent where a URL can't hold it. */
  readonly fromText?: (text: string) => unknown
  /** Rules of an object's members. */
  readonly members?: Rules
  /** Its value is never shown. */
  readonly isSecret?: boolean
}

/** Rules by option name. */
export type Rules = Readonly<Record<string, Rule>>

const numberFromText = (text: string): unknown => (/^\d+$/.test(text) ? Number(text) : text)
const booleanFromText = (text: string): unknown => (text === 'true' ? true : text === 'false' ? false : text)

/** Milliseconds, from `least` to what a timer can hold. */
export function milliseconds(least: number, meaningOfZero?: string): Rule {
  return {
    expected: `milliseconds from ${least} to ${longestDelay}${meaningOfZero === undefined ? '' : ` (0: ${meaningOfZero})`}`,
    accepts: (value) => typeof value === 'number' && value >= least && value <= longestDelay,
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

/** How many, where there need not be an end. */
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
    fromText: choices.every((choice) => typeof choice === 'string') ? (text) => text : numberFromText,
  }
}

export function boolean(): Rule {
  return { expected: 'true or false', accepts: (value) => typeof value === 'boolean', fromText: booleanFromText }
}

export function text(expected = 'text', pattern = /^/): Rule {
  return { expected, accepts: (value) => typeof value === 'string' && pattern.test(value), fromText: (given) => given }
}

/** Anything that no query can hold. */
export function instance(expected: string, accepts: (value: unknown) => boolean): Rule {
  return { expected, accepts }
}

/** An object of options of its own. */
export function group(members: Rules): Rule {
  return { expected: `an object with ${Object.keys(members).join(', ')}`, accepts: isPlainObject, members }
}

/** Anything else, a Map say, or a bare AbortSignal, may well have no members of its own, and would be ignored in silence. */
export function isPlainObject(value: unknown): boolean {
  if (!isRecord(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  // Objects of other realms have an Object.prototype of their own.
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Checks every option given against its rule; one that is undefined counts as not given.
 * @param prefix stands before the names in errors: `blocking.`
 * @throws TypeError that names the first unknown or impossible option
 */
export function checkOptions(given: object, rules: Rules, prefix = ''): void {
  // By key: pairs would be made for nothing, and views are made by the thousand.
  for (const name of Object.keys(given)) {
    const value = (given as Readonly<Record<string, unknown>>)[name]
    const rule = ruleOf(name, rules, prefix)
    if (value !== undefined) checkOption(`${prefix}${name}`, value, rule)
  }
}

/** The rule of an option; a TypeError where there is none. */
export function ruleOf(name: string, rules: Rules, prefix = ''): Rule {
  const rule = Object.hasOwn(rules, name) ? rules[name] : undefined
  if (rule === undefined)
    throw new TypeError(`unknown option ${prefix}${name}: expected one of ${Object.keys(rules).join(', ')}`)
  return rule
}

/** @throws TypeError that names the option and says what was expected */
export function checkOption(name: string, value: unknown, rule: Rule): void {
  if (!rule.accepts(value)) {
    const got = rule.isSecret ? `something of type ${typeof value}` : describe(value)
    throw new TypeError(`impossible option ${name}: expected ${rule.expected}; got ${got}`)
  }
  if (rule.members !== undefined && isRecord(value)) checkOptions(value, rule.members, `${name}.`)
}

/** Never the text of a string: it may be a secret put in the wrong place. */
function describe(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value)
  if (value === '') return 'empty text'
  if (typeof value === 'string') return 'other text'
  if (Array.isArray(value)) return 'an array'
  return `a value of type ${typeof value}`
}
