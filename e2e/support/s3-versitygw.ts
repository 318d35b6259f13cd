/** Finds or builds versitygw, a real S3 server in one Go binary (https://github.com/versity/versitygw). */
import { execFile } from 'node:child_process'
import { access, constants, mkdir, rm, stat, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** What `@latest` was when the tests were written; later ones may well do. */
export const versitygwVersion = 'v1.8.0'
const modulePath = 'github.com/versity/versitygw/cmd/versitygw'
const installLimit = 4 * 60_000
/** After a build that failed (no module proxy), do not try again for a while. */
const failureHolds = 60 * 60_000

const cacheFolder = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'hearthkeep', 'bin')

export type Versitygw = { binary: string; version: string }

/** @returns null when there is neither the binary nor a Go toolchain that can build it */
export async function findVersitygw(): Promise<Versitygw | null> {
  const binary = (await installed()) ?? (await build())
  return binary === null ? null : { binary, version: await versionOf(binary) }
}

async function installed(): Promise<string | null> {
  const folders = [cacheFolder, ...(process.env.PATH ?? '').split(delimiter), await goBinFolder()]
  for (const folder of folders) {
    const binary = folder && join(folder, 'versitygw')
    if (binary && (await isRunnable(binary))) return binary
  }
  return null
}

async function goBinFolder(): Promise<string> {
  const path = await run('go', ['env', 'GOPATH']).catch(() => null)
  return path ? join(path.stdout.trim(), 'bin') : ''
}

async function isRunnable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}

/** Built into the project's cache; test files that start at the same time wait for one build. */
async function build(): Promise<string | null> {
  const binary = join(cacheFolder, 'versitygw')
  const lock = join(cacheFolder, 'versitygw.building')
  const failure = join(cacheFolder, 'versitygw.failed')
  if ((await ageOf(failure)) < failureHolds || !(await run('go', ['version']).catch(() => null))) return null

  await mkdir(cacheFolder, { recursive: true })
  const first = await mkdir(lock).then(
    () => true,
    () => false,
  )
  if (!first) {
    while ((await ageOf(lock)) < installLimit) await sleep(500)
    await rm(lock, { recursive: true, force: true })
    return (await isRunnable(binary)) ? binary : null
  }
  try {
    console.log(`building versitygw ${versitygwVersion}, the S3 test server; once, a few minutes`)
    const env = { ...process.env, GOBIN: cacheFolder, GOFLAGS: '' }
    const install = ['install', '-ldflags=-s -w', `${modulePath}@${versitygwVersion}`]
    await run('go', install, { env, timeout: installLimit })
    return binary
  } catch (error) {
    // A build that ran out of time goes on from Go's cache the next time.
    if (!(error as { killed?: boolean }).killed) await writeFile(failure, String(error))
    return null
  } finally {
    await rm(lock, { recursive: true, force: true })
  }
}

/** Milliseconds since the last change; for ever when there is no such path. */
async function ageOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => null)
  return found ? Date.now() - found.mtimeMs : Number.POSITIVE_INFINITY
}

/** The binary calls itself "git"; Go's build information knows better. */
async function versionOf(binary: string): Promise<string> {
  const info = await run('go', ['version', '-m', binary]).catch(() => null)
  return /^\s+mod\s+\S+\s+(\S+)/m.exec(info?.stdout ?? '')?.[1] ?? 'of unknown version'
}
