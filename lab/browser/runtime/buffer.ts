import { Buffer } from 'buffer/index.js'

export { Buffer }
/** Without `isAscii`: the client can do without it. */
export default { Buffer }
