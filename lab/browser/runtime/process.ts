import * as crypto from './crypto.js'
import { nextTick } from './turns.js'

export { nextTick }

export default {
  nextTick,
  versions: {},
  env: {},
  emitWarning: (warning: unknown): void => console.warn(warning),
  getBuiltinModule: (name: string): unknown => (name === 'node:crypto' ? crypto : undefined),
}
