import { bufferMode, type DecodeMode, ErrorReply, type Reply, textMode } from '../../../src/protocol/types.js'
import { server } from '../builder.js'

/** The bytes of one reply, and the value that they encode. */
export interface ValueVector {
  readonly name: string
  readonly bytes: Buffer
  readonly value: Reply
  readonly mode?: DecodeMode
}

const { raw } = server
const containers: DecodeMode = { buffers: false, maps: 'map', sets: 'set' }
const bufferContainers: DecodeMode = { buffers: true, maps: 'map', sets: 'set' }

export const resp2Values: readonly ValueVector[] = [
  { name: 'simple string', bytes: raw('+OK\r\n'), value: 'OK' },
  { name: 'simple string, empty', bytes: raw('+\r\n'), value: '' },
  { name: 'simple string in UTF-8', bytes: server.simple('größe'), value: 'größe' },
  { name: 'simple string stays text in buffer mode', bytes: raw('+PONG\r\n'), value: 'PONG', mode: bufferMode },
  { name: 'simple error', bytes: raw('-ERR unknown command\r\n'), value: new ErrorReply('ERR unknown command') },
  { name: 'simple error, empty', bytes: raw('-\r\n'), value: new ErrorReply('') },
  { name: 'integer', bytes: raw(':1000\r\n'), value: 1000 },
  { name: 'integer 0', bytes: raw(':0\r\n'), value: 0 },
  { name: 'integer -0 is 0', bytes: raw(':-0\r\n'), value: 0 },
  { name: 'negative integer', bytes: raw(':-42\r\n'), value: -42 },
  { name: 'integer with a plus sign', bytes: raw(':+5\r\n'), value: 5 },
  { name: 'integer of 15 digits', bytes: raw(':999999999999999\r\n'), value: 999999999999999 },
  { name: 'integer of 16 digits', bytes: raw(':1000000000000000\r\n'), value: 1000000000000000 },
  { name: 'largest safe integer', bytes: raw(':9007199254740991\r\n'), value: 9007199254740991 },
  { name: 'integer past 2^53', bytes: raw(':9007199254740992\r\n'), value: 9007199254740992n },
  { name: 'integer past -2^53', bytes: raw(':-9007199254740992\r\n'), value: -9007199254740992n },
  { name: 'largest 64-bit integer', bytes: raw(':9223372036854775807\r\n'), value: 9223372036854775807n },
  { name: 'smallest 64-bit integer', bytes: raw(':-9223372036854775808\r\n'), value: -9223372036854775808n },
  { name: 'bulk string', bytes: raw('$5\r\nhello\r\n'), value: 'hello' },
  { name: 'bulk string, empty', bytes: raw('$0\r\n\r\n'), value: '' },
  { name: 'bulk string holding CR LF', bytes: raw('$4\r\n\r\n\r\n\r\n'), value: '\r\n\r\n' },
  { name: 'bulk string of 12 characters', bytes: server.bulk('abcdefghijkl'), value: 'abcdefghijkl' },
  { name: 'bulk string of 13 characters', bytes: server.bulk('abcdefghijklm'), value: 'abcdefghijklm' },
  { name: 'bulk string in UTF-8', bytes: server.bulk('naïve 😀'), value: 'naïve 😀' },
  { name: 'bulk string not UTF-8', bytes: raw('$3\r\na\xffb\r\n'), value: 'a\ufffdb' },
  {
    name: 'bulk string not UTF-8, as Buffer',
    bytes: raw('$3\r\na\xffb\r\n'),
    value: Buffer.from([0x61, 0xff, 0x62]),
    mode: bufferMode,
  },
  { name: 'empty bulk string, as Buffer', bytes: raw('$0\r\n\r\n'), value: Buffer.alloc(0), mode: bufferMode },
  { name: 'null bulk string', bytes: raw('$-1\r\n'), value: null },
  { name: 'null bulk string in buffer mode', bytes: raw('$-1\r\n'), value: null, mode: bufferMode },
  { name: 'array', bytes: raw('*2\r\n$1\r\na\r\n:1\r\n'), value: ['a', 1] },
  { name: 'array, empty', bytes: raw('*0\r\n'), value: [] },
  { name: 'null array', bytes: raw('*-1\r\n'), value: null },
  { name: 'array holding nulls', bytes: raw('*3\r\n$-1\r\n*-1\r\n*0\r\n'), value: [null, null, []] },
  {
    name: 'nested arrays, two of them ending together',
    bytes: raw('*2\r\n*1\r\n:1\r\n*2\r\n*0\r\n*1\r\n+x\r\n'),
    value: [[1], [[], ['x']]],
  },
  {
    name: 'array holding an error',
    bytes: raw('*2\r\n+QUEUED\r\n-ERR no\r\n'),
    value: ['QUEUED', new ErrorReply('ERR no')],
  },
  {
    name: 'array in buffer mode',
    bytes: raw('*3\r\n$1\r\na\r\n+b\r\n*1\r\n$1\r\nc\r\n'),
    value: [Buffer.from('a'), 'b', [Buffer.from('c')]],
    mode: bufferMode,
  },
]

export const resp3Values: readonly ValueVector[] = [
  { name: 'null', bytes: raw('_\r\n'), value: null },
  { name: 'boolean true', bytes: raw('#t\r\n'), value: true },
  { name: 'boolean false', bytes: raw('#f\r\n'), value: false },
  { name: 'double', bytes: raw(',1.23\r\n'), value: 1.23 },
  { name: 'double without fraction', bytes: raw(',10\r\n'), value: 10 },
  { name: 'double, negative', bytes: raw(',-0.5\r\n'), value: -0.5 },
  { name: 'double -0', bytes: raw(',-0\r\n'), value: -0 },
  { name: 'double with a plus sign', bytes: raw(',+1.5\r\n'), value: 1.5 },
  { name: 'double with exponent', bytes: raw(',1.5e+300\r\n'), value: 1.5e300 },
  { name: 'double of 17 digits', bytes: raw(',0.30000000000000004\r\n'), value: 0.1 + 0.2 },
  { name: 'double, infinite', bytes: raw(',inf\r\n'), value: Number.POSITIVE_INFINITY },
  { name: 'double, negative infinite', bytes: raw(',-inf\r\n'), value: Number.NEGATIVE_INFINITY },
  { name: 'double, not a number', bytes: raw(',nan\r\n'), value: Number.NaN },
  { name: 'double, not a number, as sent by older servers', bytes: raw(',-nan\r\n'), value: Number.NaN },
  { name: 'double, not a number, in upper case', bytes: raw(',-NAN\r\n'), value: Number.NaN },
  { name: 'double, not a number, with its bits', bytes: raw(',nan(0x1)\r\n'), value: Number.NaN },
  { name: 'double, not a number, with its bits and sign', bytes: raw(',-NaN(0x8000000000000)\r\n'), value: Number.NaN },
  { name: 'double, not a number, as on other systems', bytes: raw(',nan(ind)\r\n'), value: Number.NaN },
  {
    name: 'big number',
    bytes: raw('(3492890328409238509324850943850943825024385\r\n'),
    value: 3492890328409238509324850943850943825024385n,
  },
  { name: 'big number, negative', bytes: raw('(-12\r\n'), value: -12n },
  {
    name: 'bulk error',
    bytes: raw('!21\r\nSYNTAX invalid syntax\r\n'),
    value: new ErrorReply('SYNTAX invalid syntax'),
  },
  { name: 'bulk error in buffer mode', bytes: raw('!3\r\nERR\r\n'), value: new ErrorReply('ERR'), mode: bufferMode },
  { name: 'verbatim string', bytes: raw('=15\r\ntxt:Some string\r\n'), value: 'Some string' },
  { name: 'verbatim string, empty', bytes: raw('=4\r\nmkd:\r\n'), value: '' },
  {
    name: 'verbatim string as Buffer',
    bytes: raw('=7\r\ntxt:abc\r\n'),
    value: Buffer.from('abc'),
    mode: bufferMode,
  },
  { name: 'map', bytes: raw('%2\r\n+first\r\n:1\r\n$6\r\nsecond\r\n:2\r\n'), value: { first: 1, second: 2 } },
  { name: 'map, empty', bytes: raw('%0\r\n'), value: {} },
  { name: 'map whose key comes twice: the last wins', bytes: raw('%2\r\n+a\r\n:1\r\n+a\r\n:2\r\n'), value: { a: 2 } },
  {
    name: 'map with keys of other types',
    bytes: raw('%5\r\n:1\r\n+a\r\n,1.5\r\n+b\r\n#t\r\n+c\r\n_\r\n+d\r\n*1\r\n:9\r\n+e\r\n'),
    value: { 1: 'a', 1.5: 'b', true: 'c', null: 'd', '[9]': 'e' },
  },
  {
    name: 'map in buffer mode: keys are text, values Buffers',
    bytes: raw('%2\r\n$1\r\na\r\n$1\r\nb\r\n$1\r\nc\r\n*1\r\n$1\r\nd\r\n'),
    value: { a: Buffer.from('b'), c: [Buffer.from('d')] },
    mode: bufferMode,
  },
  {
    name: 'map as Map',
    bytes: raw('%2\r\n:1\r\n+a\r\n+1\r\n+b\r\n'),
    value: new Map<Reply, Reply>([
      [1, 'a'],
      ['1', 'b'],
    ]),
    mode: containers,
  },
  {
    name: 'map as Map in buffer mode: keys are decoded like any value',
    bytes: raw('%1\r\n$1\r\na\r\n$1\r\nb\r\n'),
    value: new Map([[Buffer.from('a'), Buffer.from('b')]]),
    mode: bufferContainers,
  },
  {
    name: 'nested maps, both ending together',
    bytes: raw('%1\r\n+a\r\n%1\r\n+b\r\n:1\r\n'),
    value: { a: { b: 1 } },
  },
  { name: 'set', bytes: raw('~3\r\n:1\r\n:2\r\n:1\r\n'), value: [1, 2, 1] },
  { name: 'set as Set', bytes: raw('~3\r\n:1\r\n:2\r\n:1\r\n'), value: new Set([1, 2]), mode: containers },
  {
    name: 'streamed string',
    bytes: raw('$?\r\n;4\r\nHell\r\n;5\r\no wor\r\n;2\r\nld\r\n;0\r\n'),
    value: 'Hello world',
  },
  { name: 'streamed string, empty', bytes: raw('$?\r\n;0\r\n'), value: '' },
  {
    name: 'streamed string whose parts split a character',
    bytes: server.streamedString(Buffer.from([0xf0, 0x9f]), Buffer.from([0x98, 0x80])),
    value: '😀',
  },
  {
    name: 'streamed string as Buffer',
    bytes: raw('$?\r\n;1\r\na\r\n;0\r\n'),
    value: Buffer.from('a'),
    mode: bufferMode,
  },
  { name: 'streamed array', bytes: raw('*?\r\n:1\r\n:2\r\n.\r\n'), value: [1, 2] },
  { name: 'streamed array, empty', bytes: raw('*?\r\n.\r\n'), value: [] },
  { name: 'nested streamed arrays', bytes: raw('*?\r\n*?\r\n:1\r\n.\r\n*0\r\n.\r\n'), value: [[1], []] },
  { name: 'streamed map', bytes: raw('%?\r\n+a\r\n:1\r\n+b\r\n:2\r\n.\r\n'), value: { a: 1, b: 2 } },
  { name: 'streamed set', bytes: raw('~?\r\n+a\r\n.\r\n'), value: new Set(['a']), mode: containers },
  {
    name: 'attribute of an element is not an element',
    bytes: raw('*3\r\n:1\r\n:2\r\n|1\r\n+ttl\r\n:3600\r\n:3\r\n'),
    value: [1, 2, 3],
  },
]

export const allValues: readonly ValueVector[] = [...resp2Values, ...resp3Values].map((vector) => ({
  mode: textMode,
  ...vector,
}))
