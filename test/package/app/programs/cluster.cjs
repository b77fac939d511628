// Run by package.test.ts: cluster.cjs URL
// A client in each of two processes of node:cluster, which end when their client is closed.

const cluster = require('node:cluster')
const { createClient } = require('respite')

async function work(url) {
  const client = createClient(url)
  for (let i = 0; i < 100; i += 1) await client.incr('processes')
  await client.close()
  cluster.worker.disconnect()
}

async function main(url) {
  const client = createClient(url)
  await client.del('processes')
  const workers = [1, 2].map(() => cluster.fork())
  await Promise.all(workers.map((worker) => new Promise((resolve) => worker.on('exit', resolve))))
  console.log(JSON.stringify({ counted: await client.get('processes') }))
  await client.close()
}

if (cluster.isPrimary) main(process.argv[2])
else work(process.argv[2])
