import { describe, expect, test } from 'vitest'
import { DecodeError } from '../../src/protocol/decode-error.js'
import { Decoder } from '../../src/protocol/decoder.js'
import { bufferMode, type DecodeMode, ErrorReply, type Reply, textMode } from '../../src/protocol/types.js'
import { server } from './builder.js'
import { collector, decodeAll, type Event, inChunks, replies } from './collect.js'

describe('replies and pushes', () => {
  test('several replies in one chunk are decoded in order', () => {
    expect(replies(server.stream(server.simple('OK'), server.integer(1), server.bulk('x')))).toEqual(['OK', 1, 'x'])
  })

  test('a push between replies goes to onPush, in text mode by default', () => {
    const push = server.push(server.bulk('message'), server.bulk('hi'))
    const bytes = server.stream(server.bulk('a'), push, server.bulk('b'))
    expect(decodeAll([bytes], bufferMode)).toEqual([
      { reply: Buffer.from('a') },
      { push: ['message', 'hi'] },
      { reply: Buffer.from('b') },
    ])
    const { decoder, events } = collector(textMode, {}, { pushMode: bufferMode })
    decoder.decode(push)
    expect(events).toEqual([{ push: [Buffer.from('message'), Buffer.from('hi')] }])
  })

  test('a streamed push is a push', () => {
    expect(decodeAll([server.streamedPush(server.simple('a'))])).toEqual([{ push: ['a'] }])
  })

  test('modeOfNext is called once per reply, at its first byte, and not for pushes and attributes', () => {
    const asked: number[] = []
    let fed = 0
    const decoder = new Decoder({
      modeOfNext: () => {
        asked.push(fed)
        return asked.length === 2 ? bufferMode : textMode
      },
      onReply: () => {},
      onPush: () => {},
    })
    const bytes = server.stream(
      server.push(server.simple('a')), // bytes 0 to 7
      server.bulk('first'), // 8 to 18
      server.attribute([server.simple('k'), server.integer(1)]), // 19 to 30
      server.array(server.bulk('second')), // from 31 on
    )
    for (const chunk of inChunks(bytes, 1)) {
      decoder.decode(chunk)
      fed++
    }
    expect(asked).toEqual([8, 31])
  })

  test('Buffers decoded from a chunk are copies', () => {
    for (const content of ['short', 'x'.repeat(100), 'y'.repeat(10_000)]) {
      const chunk = server.array(server.bulk(content), server.verbatim('txt', content))
      const [reply] = replies(chunk, bufferMode)
      chunk.fill(0)
      expect(reply).toEqual([Buffer.from(content), Buffer.from(content)])
    }
  })
})

describe('messages, whose first two strings are names', () => {
  const asked: Reply[][] = []
  const messageMode: DecodeMode = {
    ...bufferMode,
    afterNames: (kind, name) => {
      asked.push([kind, name])
      return name === 'as-text' ? textMode : bufferMode
    },
  }
  const told = (bytes: Buffer, size = bytes.length): Event[] => {
    asked.length = 0
    const { decoder, events } = collector(messageMode, {}, { pushMode: messageMode })
    for (const chunk of inChunks(bytes, size)) decoder.decode(chunk)
    return events
  }
  const message = (channel: string | Buffer, payload: string): Buffer =>
    server.push(server.bulk('message'), server.bulk(channel), server.bulk(payload))

  test.each([1, 2, 7, 1_000])('afterNames decides how the rest is decoded, in chunks of %i bytes', (size) => {
    expect(told(server.stream(message('as-text', 'é'), message('other', 'é')), size)).toEqual([
      { push: ['message', 'as-text', 'é'] },
      { push: ['message', 'other', Buffer.from('é')] },
    ])
    expect(asked).toEqual([
      ['message', 'as-text'],
      ['message', 'other'],
    ])
  })

  test.each([1, 1_000])(
    'names are Latin-1, one character per byte, so they may be any bytes (chunks of %i)',
    (size) => {
      const names = [Buffer.from([0xff, 0x00]), Buffer.from('ÿ'), Buffer.from([0xff, 0x00])]
      const events = told(server.stream(...names.map((name) => message(name, 'x'))), size)
      expect(events.map((event) => 'push' in event && event.push[1])).toEqual(['\xff\x00', '\xc3\xbf', '\xff\x00'])
    },
  )

  test('outermost arrays are messages too; nested arrays and maps are not', () => {
    const names = [server.bulk('a'), server.bulk('b')]
    expect(told(server.array(...names, server.array(...names)))).toEqual([
      { reply: ['a', 'b', [Buffer.from('a'), Buffer.from('b')]] },
    ])
    expect(told(server.map([server.bulk('a'), server.bulk('b')]))).toEqual([{ reply: { a: Buffer.from('b') } }])
  })

  test.each([1, 2, 7, 1_000])('afterNames is not called if no string follows the names (chunks of %i)', (size) => {
    const names = [server.bulk('subscribe'), server.bulk('as-text')]
    expect(told(server.push(...names, server.integer(1)), size)).toEqual([{ push: ['subscribe', 'as-text', 1] }])
    expect(told(server.array(...names, server.array(server.bulk('x'))), size)).toEqual([
      { reply: ['subscribe', 'as-text', [Buffer.from('x')]] },
    ])
    expect(asked).toEqual([])
  })
})

describe('attributes', () => {
  const attribute = server.attribute([server.simple('ttl'), server.integer(3)])

  test('are available with the next reply, and no other', () => {
    const bytes = server.stream(attribute, server.simple('a'), server.simple('b'))
    expect(decodeAll([bytes])).toEqual([{ reply: 'a', attributes: { ttl: 3 } }, { reply: 'b' }])
  })

  test('are available with a push', () => {
    const bytes = server.stream(attribute, server.push(server.simple('a')), server.simple('b'))
    expect(decodeAll([bytes])).toEqual([{ push: ['a'], attributes: { ttl: 3 } }, { reply: 'b' }])
  })

  test('of several in a row, only the last one is kept, so that any number of them takes no memory', () => {
    const many = Array.from({ length: 1_000 }, (_, i) =>
      server.attribute([server.simple(`name ${i}`), server.array(server.integer(i))]),
    )
    expect(decodeAll([server.stream(attribute, ...many, server.integer(1))])).toEqual([
      { reply: 1, attributes: { 'name 999': [999] } },
    ])
  })

  test('are text in buffer mode too', () => {
    const bytes = server.stream(server.attribute([server.bulk('k'), server.bulk('v')]), server.bulk('x'))
    expect(decodeAll([bytes], bufferMode)).toEqual([{ reply: Buffer.from('x'), attributes: { k: 'v' } }])
  })
})

describe('isMidReply', () => {
  test('is false between replies, and true from the first byte, when the type byte is known', () => {
    const { decoder } = collector()
    expect(decoder.isMidReply).toBe(false)
    decoder.decode(server.raw('-'))
    expect([decoder.isMidReply, decoder.midReplyType]).toEqual([true, '-'.charCodeAt(0)])
    decoder.decode(server.raw('ERR\r\n'))
    expect(decoder.isMidReply).toBe(false)
    decoder.decode(server.raw('*2\r\n:1\r\n'))
    expect([decoder.isMidReply, decoder.midReplyType]).toEqual([true, '*'.charCodeAt(0)])
  })

  test('is false inside a push or an attribute, and between an attribute and its reply', () => {
    for (const bytes of ['>2\r\n+a\r\n', '|1\r\n+a\r\n', '|1\r\n+a\r\n:1\r\n']) {
      const { decoder } = collector()
      decoder.decode(server.raw(bytes))
      expect(decoder.isMidReply).toBe(false)
    }
  })

  test('is false during onReply', () => {
    const seen: boolean[] = []
    const decoder: Decoder = new Decoder({
      modeOfNext: () => textMode,
      onReply: () => seen.push(decoder.isMidReply),
      onPush: () => {},
    })
    decoder.decode(server.stream(server.bulk('a'), server.array(server.simple('b'))))
    expect(seen).toEqual([false, false])
  })

  test('offset counts the bytes of the chunks decoded so far', () => {
    const { decoder } = collector()
    decoder.decode(Buffer.from('$5\r\nhel'))
    expect(decoder.offset).toBe(7)
    decoder.decode(Buffer.from('lo\r\n'))
    expect(decoder.offset).toBe(11)
  })
})

describe('errors from the server', () => {
  test('below the top level set nestedErrors, at any depth, for that reply only', () => {
    const bytes = server.stream(
      server.error('ERR top'),
      server.array(server.array(server.bulkError('ERR deep'))),
      server.array(server.integer(1)),
    )
    expect(decodeAll([bytes])).toEqual([
      { reply: new ErrorReply('ERR top') },
      { reply: [[new ErrorReply('ERR deep')]], nestedErrors: true },
      { reply: [1] },
    ])
  })

  test('in an attribute of an element do not set nestedErrors', () => {
    const attribute = server.attribute([server.simple('k'), server.error('ERR x')])
    const bytes = server.stream(server.raw('*1\r\n'), attribute, server.integer(1))
    expect(decodeAll([bytes])).toEqual([{ reply: [1] }])
  })
})

describe('maps as plain objects', () => {
  test('a name that is an aggregate is shown as lists of text, whatever the mode', () => {
    const bytes = Buffer.from('%2\r\n~1\r\n$1\r\nx\r\n:1\r\n*1\r\n~1\r\n$1\r\ny\r\n$1\r\nv\r\n')
    const mode: DecodeMode = { buffers: true, maps: 'object', sets: 'set' }
    expect(replies(bytes, mode)).toEqual([{ '["x"]': 1, '[["y"]]': Buffer.from('v') }])
  })

  test('a name that is a map is shown as a list of its names and values, at any depth', () => {
    const pair = server.map([server.bulk('a'), server.bulk('b')])
    const bytes = server.stream(server.map([pair, server.integer(1)]), server.map([server.map([pair, pair]), pair]))
    expect(replies(bytes)).toEqual([{ '["a","b"]': 1 }, { '[["a","b"],["a","b"]]': { a: 'b' } }])
  })

  test('a key named __proto__ is an own property and changes no prototype', () => {
    const [object] = replies(server.map([server.bulk('__proto__'), server.map([server.bulk('x'), server.integer(1)])]))
    expect(Object.getPrototypeOf(object)).toBe(Object.prototype)
    expect(Object.entries(object as object)).toEqual([['__proto__', { x: 1 }]])
    expect((object as { x?: Reply }).x).toBeUndefined()
  })

  test('repeated keys are decoded correctly, also long ones and ones that are not ASCII', () => {
    const keys = ['field', 'é', '\xe9', '\ufffd', '日本', '', 'x'.repeat(64), 'x'.repeat(65)]
    const map = server.map(...keys.map((key, i): [Buffer, Buffer] => [server.bulk(key), server.integer(i)]))
    const expected = Object.fromEntries(keys.map((key, i) => [key, i]))
    expect(replies(server.stream(map, map, map))).toEqual([expected, expected, expected])
  })

  test('keys are text even if values are Buffers', () => {
    const map = server.map([server.bulk('k'), server.bulk('v')])
    expect(replies(server.stream(map, map), bufferMode)).toEqual([{ k: Buffer.from('v') }, { k: Buffer.from('v') }])
  })

  test('keys named like methods of Object are ordinary', () => {
    const [object] = replies(server.map([server.bulk('constructor'), server.integer(1)]))
    expect(Object.entries(object as object)).toEqual([['constructor', 1]])
  })
})

describe('after a failure', () => {
  test('every call throws the same error', () => {
    const { decoder, events } = collector()
    const refused = () => decoder.decode(Buffer.from('+OK\r\n!bad\r\n'))
    expect(refused).toThrow('expected a digit or CR at byte 6')
    expect(refused).toThrow(DecodeError)
    expect(() => decoder.decode(server.simple('OK'))).toThrow('at byte 6')
    expect(decoder.wanted()).toBeUndefined()
    expect(events).toEqual([{ reply: 'OK' }])
  })

  test('the error shows a few bytes, escaped', () => {
    const { decoder } = collector()
    try {
      decoder.decode(Buffer.from('\u0001HTTP/1.1\r\n400 Bad\\'))
      expect.unreachable()
    } catch (error) {
      expect(error).toMatchObject({ name: 'DecodeError', offset: 0, excerpt: '\\x01HTTP/1.1\\r\\n400 B' })
    }
  })

  test('an exception from the handler passes through, and nothing is decoded after it', () => {
    let calls = 0
    const decoder = new Decoder({
      modeOfNext: () => textMode,
      onReply: () => {
        calls++
        throw new Error('from the handler')
      },
      onPush: () => {},
    })
    const bytes = server.stream(server.integer(1), server.integer(2))
    expect(() => decoder.decode(bytes)).toThrow('from the handler')
    expect(() => decoder.decode(bytes)).toThrow('the handler of the decoder threw')
    expect(calls).toBe(1)
  })
})
