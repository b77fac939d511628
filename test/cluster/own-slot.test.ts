import { describe, expect, it } from 'vitest'
import { ownSlotIn } from '../../src/cluster/own-slot.js'

/** As servers answer to CLUSTER NODES. */
const nodes = `2a6ef 127.0.0.1:7001@17001 master - 0 1426238316232 2 connected 5461-10922
07c37 127.0.0.1:7000@17000,host-0 myself,master - 0 0 1 connected 0-92 94 100-5460 [93->-2a6ef] [95-<-2a6ef]
824fe 127.0.0.1:7002@17002 slave 07c37 0 1426238317741 3 connected
`

describe('What a node says of a slot itself', () => {
  it.each([
    [0, 'stays'],
    [92, 'stays'],
    [94, 'stays'],
    [5_460, 'stays'],
    [93, 'leaves'],
    [95, 'elsewhere'],
    [5_461, 'elsewhere'],
    [16_383, 'elsewhere'],
  ])('slot %i %s', (slot, expected) => {
    expect(ownSlotIn(nodes, slot, false)).toBe(expected)
  })

  it.each([
    [95, 'stays'],
    [93, 'leaves'],
    [94, 'stays'],
    [5_461, 'elsewhere'],
  ])('to a request that was sent after ASKING, slot %i %s', (slot, expected) => {
    expect(ownSlotIn(nodes, slot, true)).toBe(expected)
  })

  it('a replica has none', () => {
    expect(ownSlotIn('07c37 :0@0 myself,slave 2a6ef 0 0 1 connected\n', 0, false)).toBe('elsewhere')
  })

  it('another reply says nothing', () => {
    expect(ownSlotIn('NOPERM this user has no permissions', 0, false)).toBeUndefined()
  })
})
