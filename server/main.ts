import { readFile, rm } from 'node:fs/promises'
import type { RequestListener } from 'node:http'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { isDeepStrictEqual } from 'node:util'
import type { Config } from '#server/config/env.ts'
import { watchKept } from '#server/config/watch-kept.ts'
import { withBrotliFiles } from '#server/http/brotli-files.ts'
import { createFrontDoor } from '#server/http/front-door.ts'
import { addCookie } from '#server/http/page-answer.ts'
import { jobs } from '#server/jobs/jobs.ts'
import { Scheduler } from '#server/jobs/scheduler.ts'
import { writeFileAtomically } from '#server/kit/atomic-file.ts'
import { createLog } from '#server/kit/log.ts'
import { RecentLines } from '#server/kit/recent-lines.ts'
import { Discovery } from '#server/lan/discovery/discovery.ts'
import { finishSetupFromEnvironment } from '#server/people/finish-setup.ts'
import { Restoring } from '#server/setup/restoring.ts'
import { offerSetupCode, type SetupCode } from '#server/setup/setup-code.ts'
import { routeTable } from '#server/surfaces/index.ts'
import type { Context } from './context.ts'
import { Doors } from './doors.ts'
import { houseSlot, type RunningHouse } from './house-slot.ts'
import { openHouse } from './open-house.ts'
import type { Parent } from './parent.ts'

/** SIGTERM drains within 10 s (design §7); the rest is for closing what is open. */
const drainMilliseconds = 7_000

export type Start = {
  config: Config
  version: string
  migrationsFolder: string
  /** Ends the server; aborted by the process's signals. */
  stop: AbortSignal
  /** What answers pages; the same for all runs of one process. */
  pages: () => Promise<RequestListener>
  /** Told when requests are served. */
  parent?: Parent
  /** Tests only: hand wire paths to Next instead of answering them directly. */
  wireThroughPages?: boolean
}

/** How a run ended: for good, or to start anew on what was restored meanwhile, on the same port. */
export type End = { again: false } | { again: true; port: number }

/**
 * The server from start to orderly end: config → lock → migrations → context → listeners → jobs.
 *
 * @throws what opening throws, with words for people (DataFolderInUse, DatabaseTooNew, a port in use)
 */
export async function runServer(start: Start): Promise<End> {
  const { config, stop, pages } = start
  // Whatever this process makes is for its own user alone: database, objects, keys, run.json.
  process.umask(0o077)
  const lines = new RecentLines()
  const log = createLog(config.logLevel, { lines })
  for (const name of config.unknown) log.warn({ name }, 'an environment variable that this version does not know')
  for (const name of config.unusable)
    log.warn({ name }, 'a setting kept in the database cannot be used; it counts as not set')

  await using house = await openHouse({
    config,
    log,
    version: start.version,
    migrationsFolder: start.migrationsFolder,
    lines,
  })
  const { ctx } = house
  await finishSetupFromEnvironment(ctx)
  await rememberBelongings(ctx)

  const code = await offerSetupCode({ ...ctx, dataFolder: config.dataFolder }, !process.stdout.isTTY)
  const movingIn = Promise.withResolvers<void>()
  const { migrationsFolder } = start
  const restoring = new Restoring({ ctx, migrationsFolder, moveIn: movingIn.resolve })

  const slot: RunningHouse = { ctx, table: routeTable, restoring, addCookie }
  ;(globalThis as Record<symbol, unknown>)[houseSlot] = slot

  const door = createFrontDoor({
    ctx,
    table: routeTable,
    pages,
    ...(start.wireThroughPages ? { wireThroughPages: true } : {}),
  })
  const doors = await Doors.open(ctx, door)
  const watch = watchKept(ctx)
  const scheduler = new Scheduler(ctx, jobs)
  const runFile = join(config.dataFolder, 'run.json')
  await writeRunFile(ctx, runFile)
  const milliseconds = Math.round(performance.now())
  log.info({ http: ctx.address, https: ctx.httpsAddress, milliseconds }, 'serving')
  greet(ctx, code)
  ctx.discovery = Discovery.start(ctx)
  start.parent?.ready(ctx)
  doors.whenSetUp(async () => {
    await ctx.discovery?.look()
    await writeRunFile(ctx, runFile)
    log.info({ https: ctx.httpsAddress }, 'set up: serving the house')
    greet(ctx, null)
    start.parent?.ready(ctx)
  })
  // Only now: loading Next keeps the event loop busy, and apps should not wait for pages.
  pages().catch((error) => log.error({ error }, 'the pages could not be prepared'))

  const again = await Promise.race([stopped(stop).then(() => false), movingIn.promise.then(() => true)])
  log.info('stopping')
  await rm(runFile, { force: true })
  watch.stop()
  ctx.outbox.stop()
  ctx.arrivals.stop()
  // A job that waits for a store which is away must not hold up the end; the next start goes on with it.
  await Promise.all([
    doors.drain(drainMilliseconds),
    ctx.work.close(drainMilliseconds),
    atMost(drainMilliseconds, ctx.discovery?.stop() ?? Promise.resolve()),
    atMost(drainMilliseconds, scheduler.stop()),
    atMost(drainMilliseconds, restoring.stop()),
  ])
  log.info('stopped')
  return again ? { again, port: Number(portOf(ctx.address)) } : { again }
}

/** For command lines beside this server. A full disk must not keep it from starting. */
async function rememberBelongings({ settings, config, log }: Context): Promise<void> {
  const { belongings } = config
  if (isDeepStrictEqual(settings.values.belongings, belongings)) return
  await settings
    .set({ belongings })
    .catch((error) => log.warn({ error }, 'the name of this server was not written down'))
}

function atMost(milliseconds: number, work: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    setTimeout(resolve, milliseconds).unref()
    work.then(resolve, reject)
  })
}

/**
 * What answers pages, made at the first call; the same for everybody, and another try after a failure.
 *
 * @param appFolder  holds `.next`
 */
export function preparedPages(appFolder: string): () => Promise<RequestListener> {
  let prepared: Promise<RequestListener> | null = null
  return () => {
    prepared ??= preparePages(appFolder).catch((error) => {
      prepared = null
      throw error
    })
    return prepared
  }
}

/** Next takes half a second to get ready; wire requests are answered meanwhile, pages wait. */
async function preparePages(appFolder: string): Promise<RequestListener> {
  await giveBuiltConfig(appFolder)
  const { default: next } = await import('next')
  // Next's types describe a CommonJS default; bundled and native ESM differ in where it ends up.
  const make = ((next as unknown as { default?: typeof next }).default ?? next) as typeof next
  const app = make({ dev: false, dir: appFolder, hostname: 'localhost', quiet: true })
  await app.prepare()
  return withBrotliFiles(join(appFolder, '.next', 'static'), app.getRequestHandler() as RequestListener)
}

/**
 * Next takes its configuration as the build has resolved it, as its own standalone server does. Otherwise it would load
 * what only builds need, which a package does not hold.
 */
async function giveBuiltConfig(appFolder: string): Promise<void> {
  const built = await readFile(join(appFolder, '.next', 'required-server-files.json'), 'utf8')
  process.env.__NEXT_PRIVATE_STANDALONE_CONFIG = JSON.stringify((JSON.parse(built) as { config: unknown }).config)
}

/** Where this server is, for programs on this machine (design §7). */
function writeRunFile({ address, httpsAddress }: Context, path: string): Promise<void> {
  return writeFileAtomically(path, `${JSON.stringify({ pid: process.pid, http: address, https: httpsAddress })}\n`)
}

function portOf(address: string): string {
  return new URL(address).port
}

/** What a person in front of the terminal wants to know; machines read run.json, and no log holds the code. */
function greet(ctx: Context, setup: SetupCode | null): void {
  if (setup?.file) ctx.log.info({ file: setup.file }, 'not set up yet: the code for /setup is in this file')
  if (!process.stdout.isTTY) return
  const lines = [
    '',
    `  Hearthkeep is running.   ${ctx.address}`,
    ...(ctx.httpsAddress ? [`  In the house             ${ctx.httpsAddress}`] : []),
    ...(ctx.httpsAddress
      ? [`  How devices trust it     http://${ctx.config.hostname}:${portOf(ctx.address)}/connect`]
      : []),
    `  Kept in                  ${ctx.config.dataFolder}`,
    ...(setup
      ? [
          '',
          '  Not set up yet: only this machine can reach it. Set it up at',
          `  http://localhost:${portOf(ctx.address)}/setup#${setup.code}`,
          `  with the code             ${setup.code}`,
        ]
      : []),
    '',
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
}

function stopped(stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (stop.aborted) resolve()
    else stop.addEventListener('abort', () => resolve(), { once: true })
  })
}
