export { setImmediate } from './turns.js'

const { setTimeout, clearTimeout } = globalThis

export { clearTimeout, setTimeout }
