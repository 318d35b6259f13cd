import { X509Certificate } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { arch, platform, release, totalmem } from 'node:os'
import { count } from 'drizzle-orm'
import { accounts, jobs } from '#db/schema/index.ts'
import { type DescribedVariable, describeVariables } from '#server/config/describe-variables.ts'
import type { Context } from '#server/context.ts'
import { readUsage } from '#server/vault/store.ts'

const day = 24 * 3_600_000
const mostLines = 30

/** Whether the server can write and read what it needs. */
export type Checked = { database: 'ok' | 'failed'; store: 'ok' | 'failed' }

/**
 * What somebody who helps from afar needs to know, as text to copy. It is put together from numbers, choices and words
 * of our own alone, so that no secret, name, address or path can be in it; in English whatever the page speaks, because
 * the helper may speak another language.
 */
export async function supportText(ctx: Context, checked: Checked): Promise<string> {
  const { config, settings, clock, settled } = ctx
  const memory = process.memoryUsage.rss()
  const sections: Array<[string, string[]]> = [
    [
      'Program',
      [
        `Hearthkeep ${ctx.version}, Node ${process.version}, ${platform()} ${release()} ${arch()}`,
        `running for ${Math.round((clock.now() - ctx.startedAt) / 60_000)} minutes, ${mebibytes(memory)} of ${mebibytes(totalmem())} memory`,
        ...(settled.doubt ? [`clock ahead by ${(settled.doubt.ahead / day).toFixed(1)} days, not believed yet`] : []),
        `set up: ${settings.values.setUpAt === null ? 'no' : 'yes'}`,
      ],
    ],
    [
      'Checks',
      [
        `database ${checked.database} (${mebibytes(await sizeOf(ctx.db.path))})`,
        `store ${checked.store} (${ctx.blobs.kind})`,
      ],
    ],
    ['Kept', kept(ctx)],
    ['Connections', connections(ctx)],
    ['Jobs', jobLines(ctx)],
    ['Settings', describeVariables({ config, settings }).flatMap((one) => settingLine(one) ?? [])],
    ['Warnings and errors', warnings(ctx)],
  ]
  return sections.map(([title, lines]) => `${title}\n${lines.map((line) => `  ${line}`).join('\n')}\n`).join('\n')
}

function kept({ db }: Context): string[] {
  const people = db.read.select({ n: count() }).from(accounts).get()?.n ?? 0
  const usage = readUsage(db.read).map(
    ({ state, objects, bytes }) => `${state}: ${objects} objects, ${mebibytes(bytes)}`,
  )
  return [`accounts: ${people}`, ...usage]
}

function connections({ config, certificates, httpsAddress, clock }: Context): string[] {
  const end = certificates && new X509Certificate(certificates.current.leaf.raw).validToDate.getTime()
  return [
    `encryption: ${config.tls}, https ${httpsAddress === null ? 'not spoken' : 'spoken'}`,
    ...(end === null ? [] : [`certificate good for ${Math.floor((end - clock.now()) / day)} days`]),
    ...(certificates?.trouble ? ['the newest certificate cannot be used'] : []),
  ]
}

/** The outcome of a job may name hosts and paths. */
function jobLines({ db }: Context): string[] {
  return db.read
    .select()
    .from(jobs)
    .orderBy(jobs.name)
    .all()
    .map(({ name, outcome, finishedAt }) => {
      const ended = finishedAt === null ? 'never' : new Date(finishedAt).toISOString()
      return `${word(name)}: ${outcome === 'ok' ? 'ok' : 'not ok'}, ${ended}`
    })
}

const open = new Set<DescribedVariable['kind']>(['number', 'bytes', 'choice', 'flag'])

/** Values that could be anything are only said to be set. */
function settingLine({ name, kind, value, isSet, source, isWaiting }: DescribedVariable): string | null {
  if (!isSet) return null
  const shown = open.has(kind) ? (value ?? '') : 'set'
  return `${name}: ${shown} (${source}${isWaiting ? ', after a restart' : ''})`
}

/** Our own words and the code of the error, nothing of what else the line says. */
function warnings({ lines }: Context): string[] {
  return lines
    .list()
    .filter(({ level }) => ['warn', 'error', 'fatal'].includes(level))
    .slice(-mostLines)
    .map(({ at, level, words, more }) => [at, level, words, codeOf(more.error)].filter(Boolean).join(' '))
}

function codeOf(error: unknown): string {
  const { name, errorCode: code } = (error ?? {}) as { name?: unknown; errorCode?: unknown }
  return [name, code]
    .filter((part) => typeof part === 'string')
    .map((part) => word(part as string))
    .join(' ')
}

/** As our own names are spelled; anything else is not let through. */
function word(text: string): string {
  return /^[A-Za-z0-9_.-]{1,40}$/.test(text) ? text : '?'
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path)).size
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`
}
