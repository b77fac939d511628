import type { Reply } from './types.js'

/** Sets the property `__proto__`. Plain assignment would set the prototype, not a property. */
export function setProto(object: { [key: string]: Reply }, value: Reply): void {
  Object.defineProperty(object, '__proto__', { value, writable: true, enumerable: true, configurable: true })
}

/** Builds a Map from alternating keys and values. If a key occurs twice, the last value is used. */
export function buildMap(items: readonly Reply[]): Map<Reply, Reply> {
  const map = new Map<Reply, Reply>()
  for (let i = 0; i + 1 < items.length; i += 2) map.set(items[i] as Reply, items[i + 1] as Reply)
  return map
}
