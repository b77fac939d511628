import { Redis as IoValkey } from 'iovalkey'
import type { MakeClient } from './client.js'
import { makeLikeIoRedis } from './ioredis.js'

/** iovalkey, a fork of ioredis 5: the same methods. */
export const makeIoValkey: MakeClient = (...args) => makeLikeIoRedis((options) => new IoValkey(options), ...args)
