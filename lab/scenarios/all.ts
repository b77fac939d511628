import { blockingRead } from './blocking-read.js'
import { brokenPipe } from './broken-pipe.js'
import { cancelledRequest } from './cancelled-request.js'
import { cancelledWait } from './cancelled-wait.js'
import { cutSubscriber } from './cut-subscriber.js'
import { cutAfterExec, cutBeforeExec } from './cut-transaction.js'
import { deposedMaster } from './deposed-master.js'
import { failover } from './failover.js'
import { faultScenarios } from './faults.js'
import { firstConnect } from './first-connect.js'
import { lateDelivery, unknownResolved } from './late-delivery.js'
import { closeUnderLoad, queueOverflow, replyTooDeep, replyTooLarge } from './load.js'
import { lostSubscriber } from './lost-subscriber.js'
import { migration } from './migration.js'
import { onceMeansOnce } from './once.js'
import { failedSelect, loading, readonly, wrongPassword } from './refusals.js'
import type { Scenario } from './scenario.js'
import { secondWrite } from './second-write.js'
import { extraReply, missingReply } from './stream.js'

/** All scenarios, the five incidents first. */
export const scenarios: readonly Scenario[] = [
  cancelledRequest,
  brokenPipe,
  lostSubscriber,
  blockingRead,
  firstConnect,
  ...faultScenarios,
  onceMeansOnce,
  deposedMaster,
  lateDelivery,
  unknownResolved,
  secondWrite,
  extraReply,
  missingReply,
  wrongPassword,
  failedSelect,
  readonly,
  loading,
  cutBeforeExec,
  cutAfterExec,
  cancelledWait,
  cutSubscriber,
  closeUnderLoad,
  queueOverflow,
  replyTooLarge,
  replyTooDeep,
  failover,
  migration,
]
