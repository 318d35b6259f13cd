import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Child, freePort, startChild } from './child.ts'

export type Bare = Child & { url: string }

const program = join(import.meta.dirname, '..', 'bare', 'main.ts')

/** The baseline, in a process of its own as ours is. Resolves when it serves. */
export async function startBare(folder: string): Promise<Bare> {
  mkdirSync(folder, { recursive: true })
  const port = await freePort()
  const child = startChild([program, folder, String(port)], {}, join(folder, 'bench.log'))
  await new Promise<void>((resolve, reject) => {
    child.process.once('message', () => resolve())
    child.process.once('exit', (code) => reject(new Error(`The baseline ended with ${code}`)))
  })
  return Object.assign(child, { url: `http://127.0.0.1:${port}` })
}
