import type { Argument } from '../protocol/types.js'
import { decodeCatalogue, table } from './catalogue.js'
import type { CommandDescriptor } from './descriptor.js'
import { shapeOfEach, shapes } from './generated/shapes.js'
import { methodName } from './method-names.js'
import { type Form, readArguments } from './read-arguments.js'
import type { CommandExecutor } from './sender.js'

/**
 * Defines the typed methods that the interface of a class declares. Called when the first instance is created, because doing this
 * when the module is loaded would be a side effect.
 *
 * @param isForSessions true: the methods that change the state of the connection; false: all others
 */
export function defineMethods(prototype: CommandExecutor, isForSessions: boolean): void {
  if (Object.hasOwn(prototype, isForSessions ? 'watch' : 'get')) return
  const forms = shapes.split(' ').map(readShape)
  let index = 0
  decodeCatalogue()
  for (const descriptor of Object.values(table)) {
    const code = shapeOfEach.charCodeAt(index)
    index += 1
    const form = forms[code - (code > 91 ? 41 : 40)]
    if (form === undefined || (descriptor.changesConnection !== undefined) !== isForSessions) continue
    const name = methodName(descriptor.name)
    Object.defineProperty(prototype, name, {
      value: createMethod(name, descriptor, form),
      writable: true,
      configurable: true,
    })
  }
}

/**
 * Reads a shape, `least-most@from-behind:`:
 *
 * - `least` and `most`: the number of arguments. Only one number if they are equal; no `most` if there is no maximum;
 * - `@from`: arrays are allowed from this argument on; `-behind`: but not for this many arguments at the end;
 * - `:`: objects are allowed in the same places.
 */
function readShape(shape: string): Form {
  const [, least, dash, most, from, behind = 0, colon] = /^(\d+)(-?)(\d*)(?:@(\d+)(?:-(\d))?)?(:?)$/.exec(shape) ?? []
  return {
    least: Number(least),
    most: dash === '' ? Number(least) : Number(most || Infinity),
    from: Number(from ?? Infinity),
    behind: Number(behind),
    takesObjects: colon === ':',
  }
}

/** The methods that typed methods call to send a command or to reject. */
interface Executor {
  execute(descriptor: CommandDescriptor, args: Argument[]): unknown
  refuse(error: unknown): unknown
}

/** Most calls have up to five arguments, and none of them is an object. Such a call creates one array and copies nothing. */
function createMethod(name: string, descriptor: CommandDescriptor, form: Form): (...args: never) => unknown {
  const [first = '', second] = descriptor.name.split(' ')
  const { least, most } = form
  const method = {
    // The name is computed, because stack traces show it.
    [name](this: Executor, a: Argument, b: Argument, c: Argument, d: Argument, e: Argument): unknown {
      // biome-ignore lint/complexity/noArguments: a rest parameter would make an array for each call
      const count = arguments.length
      if (
        count < least ||
        count > most ||
        typeof a === 'object' ||
        typeof b === 'object' ||
        typeof c === 'object' ||
        (count > 3 && (count > 5 || typeof d === 'object' || typeof e === 'object'))
      ) {
        let args: Argument[]
        try {
          // biome-ignore lint/complexity/noArguments: as above
          args = readArguments(descriptor.name, form, arguments)
        } catch (error) {
          return this.refuse(error)
        }
        return this.execute(descriptor, args)
      }
      if (second !== undefined) {
        const args = [first, second, a, b, c, d, e]
        args.length = count + 2
        return this.execute(descriptor, args)
      }
      switch (count) {
        case 0:
          return this.execute(descriptor, [first])
        case 1:
          return this.execute(descriptor, [first, a])
        case 2:
          return this.execute(descriptor, [first, a, b])
        case 3:
          return this.execute(descriptor, [first, a, b, c])
        case 4:
          return this.execute(descriptor, [first, a, b, c, d])
        default:
          return this.execute(descriptor, [first, a, b, c, d, e])
      }
    },
  }
  return method[name] as (...args: never) => unknown
}
