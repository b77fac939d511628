import { describe, expect, it } from 'vitest'
import { type TopicListener, Topics } from '../../../src/connection/pubsub/topics.js'

const listener = (wantsBuffers = false): TopicListener => ({
  wantsBuffers,
  onConfirmed: () => {},
  onMessage: () => {},
  onFailed: () => {},
})
const name = (text: string): Buffer => Buffer.from(text)

describe('topics', () => {
  it('are shared by all listeners, until the last is removed', () => {
    const topics = new Topics()
    const [first, second] = [listener(), listener()]
    const { topic, isNew } = topics.add('channel', name('a'), first)
    expect(isNew).toBe(true)
    expect(topics.add('channel', name('a'), second)).toEqual({ topic, isNew: false })
    expect(topics.remove(topic, first)).toBe(false)
    expect(topics.get('channel', 'a')).toBe(topic)
    expect(topics.remove(topic, second)).toBe(true)
    expect(topics.get('channel', 'a')).toBeUndefined()
    expect(topics.size).toBe(0)
  })

  it('of different kinds, and with bytes that are not text, are distinguished', () => {
    const topics = new Topics()
    const names = [Buffer.from([0xff]), Buffer.from([0xfe]), name('ÿ')]
    for (const each of names) topics.add('channel', each, listener())
    topics.add('pattern', name('a'), listener())
    topics.add('shard', name('a'), listener())
    expect(topics.size).toBe(5)
    expect(topics.get('channel', '\xfe')?.name).toEqual(names[1])
    expect(topics.get('channel', '\xc3\xbf')?.text).toBe('ÿ')
    expect(topics.get('channel', 'a')).toBeUndefined()
    expect([...topics].map(({ kind }) => kind)).toEqual(['channel', 'channel', 'channel', 'pattern', 'shard'])
  })

  it('that were removed and added again are new ones, which the old ones cannot remove', () => {
    const topics = new Topics()
    const one = listener()
    const old = topics.add('channel', name('a'), one).topic
    topics.remove(old, one)
    const { topic, isNew } = topics.add('channel', name('a'), one)
    expect(isNew).toBe(true)
    topics.remove(old, one)
    expect(topics.get('channel', 'a')).toBe(topic)
  })

  it('need Buffers as long as one of their listeners does', () => {
    const topics = new Topics()
    const [text, buffers] = [listener(), listener(true)]
    const { topic } = topics.add('channel', name('a'), text)
    expect(topic.wantingBuffers).toBe(0)
    topics.add('channel', name('a'), buffers)
    topics.add('channel', name('a'), buffers) // named twice by one subscription
    expect(topic.wantingBuffers).toBe(1)
    expect(topics.remove(topic, buffers)).toBe(false)
    expect(topics.remove(topic, buffers)).toBe(false)
    expect(topic.wantingBuffers).toBe(0)
    expect(topics.remove(topic, text)).toBe(true)
    expect(topics.remove(topic, text)).toBe(false)
  })

  it('remove thousands of listeners without checking the others each time', () => {
    const topics = new Topics()
    let looks = 0
    const listeners = Array.from({ length: 2_000 }, () => ({
      ...listener(),
      get wantsBuffers(): boolean {
        looks += 1
        return looks % 2 === 0
      },
    }))
    const [topic] = listeners.map((each) => topics.add('channel', name('a'), each).topic)
    looks = 0
    for (const each of listeners) if (topic !== undefined) topics.remove(topic, each)
    expect(topics.size).toBe(0)
    expect(looks).toBe(listeners.length)
  })
})
