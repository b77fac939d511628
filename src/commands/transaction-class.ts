import { retryClassOf } from './catalogue.js'
import { namedKeysOf } from './changed-keys.js'
import { worstOf } from './classes.js'
import type { RetryClass } from './retry.js'
import type { TransactionEntry } from './transaction-entries.js'

/**
 * Returns the retry class of a transaction: the least safe class of its commands, or a less safe one if a command changes a key
 * that an earlier command of the transaction may have read. Repeated, GET and SET of one key are like GETSET: the reply is the
 * new value. COPY and SET of its source do their work twice: the second COPY copies the new value.
 */
export function retryClassOfTransaction(entries: readonly TransactionEntry[]): RetryClass {
  const changedLater = new Set<string>()
  const classes: RetryClass[] = []
  for (const { descriptor, args } of [...entries].reverse()) {
    const retryClass = retryClassOf(descriptor, args)
    const keys = namedKeysOf(descriptor, args)
    classes.push(retryClass)
    // SET, MSET and SETEX read nothing.
    if (keys.some((key) => changedLater.has(key)) && !/^M?SET(EX)?$/.test(descriptor.name)) {
      classes.push(retryClass !== 'read' && keys.length > 1 ? 'unsafe' : 'convergent')
    }
    if (retryClass !== 'read') for (const key of keys) changedLater.add(key)
  }
  return worstOf(classes)
}
