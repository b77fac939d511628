import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'respite-serve-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('npm run lab -- --serve', () => {
  it('serves one page, writes it to a file, and ends with Ctrl-C', async () => {
    const args = ['--import', 'tsx', 'lab/main.ts', '--serve', '--out', folder]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    const exited = once(child, 'exit')
    const [said] = (await once(child.stdout, 'data')) as [Buffer]
    const [url = ''] = /http:\S+/.exec(said.toString()) ?? []
    const response = await fetch(url)
    const page = await response.text()
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(readFileSync(join(folder, 'play.html'), 'utf8')).toBe(page)
    // It loads nothing.
    expect(page.replaceAll(/<script>.*?<\/script>/gs, '')).not.toMatch(/\b(src|href)=/)
    expect((await fetch(`${url}other`)).status).toBe(404)
    child.kill('SIGINT')
    expect(await exited).toEqual([0, null])
  }, 30_000)
})
