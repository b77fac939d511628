import type { Argument } from '../../protocol/types.js'

/** Types of arguments. What is sent is checked again at run time. */

/** A key, or a pattern of keys. */
export type Text = string | Buffer | Uint8Array

/** A value, a field or a member. Numbers are sent as their decimal text. */
export type Value = Argument

/** A number, or its text. */
export type Numeric = number | bigint | string

/** A number, or text that can only be one: where other text would hide a misspelt option. */
export type Digits = number | bigint | `${number}`

/** One argument, or an array that stands for its elements. */
export type Spread<T> = T | readonly T[]

/** An argument that the syntax repeats. */
export type OneOrMore<T> = [Spread<T>, ...Spread<T>[]]
export type ZeroOrMore<T> = Spread<T>[]

/** Several arguments that the syntax repeats together: one by one, or in arrays. */
export type Repeated<T extends readonly unknown[]> =
  | [...T, ...ZeroOrMore<T[number]>]
  | [elements: readonly T[number][], ...ZeroOrMore<T[number]>]

/** Names and values; a Map or an array of pairs stands for them in turn. An object does, too: see {@link FieldsOf}. */
export type Pairs<T extends readonly [name: unknown, value: unknown]> =
  | [entries: ReadonlyMap<T[0], T[1]> | readonly (readonly [name: T[0], value: T[1]])[]]
  | Repeated<T>

/** An object, of an `interface` too, whose values can be sent. */
export type FieldsOf<T> = { readonly [K in keyof T]: Value }

/** Groups of arguments by name: each at most once, in any order. */
export type AnyOrder<Groups extends Record<string, readonly unknown[]>, Name extends keyof Groups = keyof Groups> = [
  Name,
] extends [never]
  ? []
  : [] | { [N in Name]: [...Groups[N], ...AnyOrder<Groups, Exclude<Name, N>>] }[Name]

/** Like {@link AnyOrder}, and one of the groups is there. */
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
