import type { Argument } from '../../protocol/types.js'

/** Types of arguments. All arguments are checked again at run time. */

/** A key, or a pattern of keys. */
export type Text = string | Buffer | Uint8Array

/** A value, a field or a member. Numbers are sent as their decimal text. */
export type Value = Argument

/** A number, or its text. */
export type Numeric = number | bigint | string

/** A number, or text that can only be a number. Used where the compiler would otherwise accept a misspelt option as text. */
export type Digits = number | bigint | `${number}`

/** A word, which may also be in lower case. */
export type AnyCase<T extends string> = T | Lowercase<T>

/** One argument, or an array, whose elements are the arguments. */
export type Spread<T> = T | readonly T[]

/** An argument that the syntax repeats. */
export type OneOrMore<T> = [Spread<T>, ...Spread<T>[]]
export type ZeroOrMore<T> = Spread<T>[]

/** Several arguments that the syntax repeats together: one by one, or in arrays. */
export type Repeated<T extends readonly unknown[]> =
  | [...T, ...ZeroOrMore<T[number]>]
  | [elements: readonly T[number][], ...ZeroOrMore<T[number]>]

/** Names and values, alternating; or a Map or an array of pairs. An object is allowed too: see {@link FieldsOf}. */
export type Pairs<T extends readonly [name: unknown, value: unknown]> =
  | [entries: ReadonlyMap<T[0], T[1]> | readonly (readonly [name: T[0], value: T[1]])[]]
  | Repeated<T>

/** An object whose values can be sent. Its type may be an `interface`. */
export type FieldsOf<T> = { readonly [K in keyof T]: Value }

/** Groups of arguments by name. Each group may occur once, in any order. */
export type AnyOrder<Groups extends Record<string, readonly unknown[]>, Name extends keyof Groups = keyof Groups> = [
  Name,
] extends [never]
  ? []
  : [] | { [N in Name]: [...Groups[N], ...AnyOrder<Groups, Exclude<Name, N>>] }[Name]

/** Like {@link AnyOrder}, but at least one of the groups in `Needed` must be present. */
export type AnyOrderWith<
  Groups extends Record<string, readonly unknown[]>,
  Needed extends keyof Groups,
  Name extends keyof Groups = keyof Groups,
> = [Name] extends [never]
  ? never
  : {
      [N in Name]: N extends Needed
        ? [...Groups[N], ...AnyOrder<Groups, Exclude<Name, N>>]
        : [...Groups[N], ...AnyOrderWith<Groups, Needed, Exclude<Name, N>>]
    }[Name]
