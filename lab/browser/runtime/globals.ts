// Injected by esbuild: globals of Node.js that modules of the bundle use.
export { Buffer } from './buffer.js'
export { default as process } from './process.js'
export { setImmediate } from './turns.js'
