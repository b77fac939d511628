import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { finished, pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import type { ClientCode } from '../simulate.js'
import { simulate } from '../simulate.js'
import { Recorder } from './recorder.js'

/** All that was observed in the run of one seed. */
export interface RecordedRun {
  readonly seed: number
  readonly digest: string
  readonly lines: readonly string[]
}

/** The first line of a recording. */
export interface RecordingHead {
  readonly format: 1
  /** Digest of the simulation's own code: with other schedules, other runs. */
  readonly schedules: string
  readonly from: number
  readonly seeds: number
}

/** Runs one seed and writes down what can be observed. A run that fails is recorded as far as it came. */
export async function recordRun(seed: number, code?: ClientCode): Promise<RecordedRun> {
  const recorder = new Recorder()
  try {
    await simulate(seed, code, false, recorder)
    recorder.end()
  } catch (error) {
    recorder.end(error)
  }
  return { seed, digest: recorder.digest, lines: recorder.lines }
}

/** Writes a recording: JSON lines, gzipped. */
export async function writeRecording(file: string, head: RecordingHead, code?: ClientCode): Promise<void> {
  const target = createWriteStream(file)
  await once(target, 'open')
  const zip = createGzip()
  const written = finished(zip.pipe(target))
  zip.write(`${JSON.stringify(head)}\n`)
  for (let seed = head.from; seed < head.from + head.seeds; seed += 1) {
    const run = await recordRun(seed, code)
    if (!zip.write(`${JSON.stringify(run)}\n`)) await once(zip, 'drain')
  }
  zip.end()
  await written
}

/** What can't be read fails the first or the next line. */
async function* linesOf(file: string): AsyncGenerator<string> {
  const unzipped = createGunzip()
  const read = pipeline(createReadStream(file), unzipped)
  read.catch(() => {})
  for await (const line of createInterface({ input: unzipped })) yield line
  await read
}

/** Reads a recording back: its head, then one run after the other. */
export async function openRecording(
  file: string,
): Promise<{ readonly head: RecordingHead; readonly runs: AsyncIterable<RecordedRun> }> {
  const lines = linesOf(file)
  const first = await lines.next()
  const head = first.done === true ? undefined : (JSON.parse(first.value) as RecordingHead)
  if (head?.format !== 1) throw new Error(`${file} is not a recording that this version can read`)
  async function* runs(): AsyncGenerator<RecordedRun> {
    for (let line = await lines.next(); line.done !== true; line = await lines.next()) {
      yield JSON.parse(line.value) as RecordedRun
    }
  }
  return { head, runs: runs() }
}
