import { randomBytes, randomUUID } from 'node:crypto'
import { isProblem } from '#server/kit/problem.ts'
import { reasonOf } from '#server/kit/reason-of.ts'
import type { BlobReader, BlobStore, Chunks } from './blob-store.ts'

export const selfTestSteps = ['put', 'conditional put', 'get', 'head', 'range', 'list', 'multipart', 'delete'] as const

export type SelfTestResult = {
  step: (typeof selfTestSteps)[number]
  ok: boolean
  milliseconds: number
  /** Why it failed, or what is worth knowing; fit for an admin's eyes, never holds credentials. */
  message?: string
}

type TestedStore = BlobStore & { refusesOverwrites?(): Promise<boolean> }

const mebibyte = 1024 * 1024
/** Just over one part, so that S3 stores send two. */
const manyParts = 9
/** A store in use may hold very many objects. */
const enoughListed = 5_000

/**
 * Try everything the server will ask of a store, with objects of its own that are removed afterwards. Run when S3
 * is configured, shown to admins. Never throws; without a first put nothing else is tried.
 *
 * @returns one line for each of `selfTestSteps`, in that order
 */
export async function selfTest(store: TestedStore): Promise<SelfTestResult[]> {
  const small = { id: randomUUID(), bytes: randomBytes(64 * 1024) }
  const large = { id: randomUUID(), bytes: randomBytes(mebibyte) }
  const results: SelfTestResult[] = []

  async function step(name: SelfTestResult['step'], work: () => Promise<string | undefined>) {
    if (results[0]?.ok === false) return results.push({ step: name, ok: false, milliseconds: 0, message: 'not tried' })
    const begin = performance.now()
    const outcome = await work().then(
      (message) => ({ ok: true, message }),
      (error: unknown) => ({ ok: false, message: reasonOf(error) }),
    )
    const milliseconds = Math.round(performance.now() - begin)
    return results.push({
      step: name,
      ok: outcome.ok,
      milliseconds,
      ...(outcome.message && { message: outcome.message }),
    })
  }

  await step('put', async () => {
    const size = await store.put(small.id, repeated(small.bytes, 1), { length: small.bytes.length })
    return expect(size === small.bytes.length, 'another size was stored than was sent')
  })
  await step('conditional put', async () => {
    const refused = await store.put(small.id, repeated(large.bytes, 1)).then(
      () => false,
      (error) => isProblem(error) && error.code === 'server.failed',
    )
    expect(refused, 'an object that exists was overwritten')
    if ((await store.refusesOverwrites?.()) !== false) return undefined
    return 'the endpoint ignores If-None-Match, so the server looks before every upload'
  })
  await step('get', async () => {
    const back = await readAll(await store.open(small.id))
    return expect(small.bytes.equals(back), 'other bytes came back than were stored')
  })
  await step('head', async () => {
    const found = await store.stat(small.id)
    return expect(found?.size === small.bytes.length, 'the size is not the one that was stored')
  })
  await step('range', async () => {
    const back = await readAll(await store.open(small.id, { start: 1000, end: 1999 }))
    return expect(small.bytes.subarray(1000, 2000).equals(back), 'other bytes came back than were asked for')
  })
  await step('list', async () => {
    let seen = 0
    for await (const { id, size } of store.list()) {
      if (id === small.id) return expect(size === small.bytes.length, 'the list names another size')
      seen += 1
      if (seen === enoughListed) return `looked at the first ${seen} objects only`
    }
    return expect(false, 'the list lacks the object')
  })
  await step('multipart', async () => {
    const size = await store.put(large.id, repeated(large.bytes, manyParts))
    expect(size === manyParts * mebibyte, 'another size was stored than was sent')
    const end = manyParts * mebibyte - 1
    const last = await readAll(await store.open(large.id, { start: end - mebibyte + 1, end }))
    return expect(large.bytes.equals(last), 'other bytes came back than were stored')
  })
  await step('delete', async () => {
    await store.delete(small.id)
    await store.delete(large.id)
    return expect((await store.stat(small.id)) === null, 'the object is still there')
  })

  // A step may have failed half-way; what cannot be deleted now is reaped as an orphan.
  if (results.some(({ ok }) => !ok)) await Promise.allSettled([store.delete(small.id), store.delete(large.id)])
  return results
}

function expect(holds: boolean, otherwise: string): undefined {
  if (!holds) throw new Error(otherwise)
}

async function* repeated(bytes: Uint8Array, times: number): Chunks {
  for (let turn = 0; turn < times; turn += 1) yield bytes
}

async function readAll(reader: BlobReader | null): Promise<Buffer> {
  if (!reader) throw new Error('the object is not there')
  const chunks: Uint8Array[] = []
  for await (const chunk of reader.chunks) chunks.push(chunk)
  return Buffer.concat(chunks)
}
