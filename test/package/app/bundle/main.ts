import { createClient } from 'respite'

const client = createClient(process.argv[2])
await client.set('bundled', 'yes')
console.log(JSON.stringify({ bundled: await client.get('bundled') }))
await client.close()
