// Run by package.test.ts: worker-thread.cjs URL
// A client in each of two worker threads, which end when their client is closed.

const { Worker, isMainThread, workerData, parentPort } = require('node:worker_threads')
const { createClient } = require('respite')

async function work(url) {
  const client = createClient(url)
  for (let i = 0; i < 100; i += 1) await client.incr('worker-threads')
  await client.close()
  parentPort.postMessage('done')
}

async function main(url) {
  const setUp = createClient(url)
  await setUp.del('worker-threads')
  const workers = [1, 2].map(() => new Worker(__filename, { workerData: url }))
  await Promise.all(
    workers.map((worker) => new Promise((resolve, reject) => worker.on('exit', resolve).on('error', reject))),
  )
  console.log(JSON.stringify({ counted: await setUp.get('worker-threads') }))
  await setUp.close()
}

if (isMainThread) main(process.argv[2])
else work(workerData)
