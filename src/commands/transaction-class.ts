import { retryClassOf } from './catalogue.js'
import { namedKeysOf } from './changed-keys.js'
import { worstOf } from './classes.js'
import type { RetryClass } from './retry.js'
import type { TransactionEntry } from './transaction-entries.js'

/**
 * Returns the retry class of a transaction: the least safe class of its commands, or a less safe one if a command changes what an
 * earlier command of the transaction may have read. Repeated, GET and SET of one key are like GETSET: the reply is the new value.
 * COPY and SET of its source do their work twice: the second COPY copies the new value. A command that names no key, such as DBSIZE,
 * may have read anything, and so may SORT, with BY and GET.
 */
export function retryClassOfTransaction(entries: readonly TransactionEntry[]): RetryClass {
  const changedLater = new Set<string>()
  const classes: RetryClass[] = []
  let isChangedLater = false
  for (const { descriptor, args } of [...entries].reverse()) {
    const { name, patterns } = descriptor
    const retryClass = retryClassOf(descriptor, args)
    const keys = namedKeysOf(descriptor, args)
    classes.push(retryClass)
    const hasChanged = keys.length > 0 && !patterns ? keys.some((key) => changedLater.has(key)) : isChangedLater
    // SET, MSET and SETEX read nothing.
    if (hasChanged && !/^M?SET(EX)?$/.test(name)) {
      classes.push(retryClass !== 'read' && keys.length > 1 ? 'unsafe' : 'convergent')
    }
    if (retryClass === 'read') continue
    isChangedLater = true
    for (const key of keys) changedLater.add(key)
  }
  return worstOf(classes)
}
