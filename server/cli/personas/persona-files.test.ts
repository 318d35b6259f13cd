import { chmod, mkdir, readdir, readFile, stat, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writePersonaZip } from '#client/surfaces/personas/persona-zip.ts'
import { readZip } from '#client/surfaces/personas/read-zip.ts'
import { testPersona } from '#client/surfaces/personas/testing.ts'
import { writeZip } from '#client/surfaces/personas/write-zip.ts'
import { filesIn, personaFiles, personasBench, who } from './testing.ts'

let bench: Awaited<ReturnType<typeof personasBench>>

beforeEach(async () => {
  bench = await personasBench()
})

afterEach(() => bench[Symbol.asyncDispose]())

test('stores a zip as it is, and writes it as it was', async () => {
  const { home, put, get, file } = bench
  const zip = writePersonaZip(testPersona())
  const out = join(home, 'new.ZIP')
  await put(await file('mine.zip', zip), '--register')
  expect(await get(out)).toMatchObject({ code: 0, err: '' })
  expect(new Uint8Array(await readFile(out))).toEqual(zip)
  expect((await stat(out)).mode & 0o777).toBe(0o600)
  expect((await get('-')).outBytes.equals(zip)).toBe(true)
  expect((await get('-')).err).toBe('Wrote the persona: 4 files, were sealed.\n')
})

test('makes the same plain zip of the same folder each time, and warns that it is not sealed', async () => {
  const { server, home, put, get, stored, folder, file } = bench
  const mine = await folder('mine')
  const plain = await put(mine, '--register', '--no-seal')
  expect(plain).toMatchObject({ code: 0, out: 'Stored work (4 files, not sealed).\n' })
  expect(plain.err).toContain('Warning: --no-seal: whoever runs the server can read the private keys.\n')
  const first = stored()
  await file('mine/.DS_Store', 'where the window was')
  await chmod(join(mine, 'persona.json'), 0o644)
  await put(mine, '--no-seal')
  expect(stored().equals(first)).toBe(true)
  expect(first.equals(writePersonaZip(testPersona()))).toBe(true)
  expect(server.stored.get('ada@example.org work')?.contentType).toBe('application/zip')

  const got = await get(join(home, 'out'))
  expect(got).toMatchObject({ code: 0, err: expect.stringContaining('Warning: it was not sealed') })
  expect(await filesIn(join(home, 'out'))).toEqual(personaFiles)
})

test('names what is wrong with a folder or zip without touching the network', async () => {
  const { server, home, put, folder, file } = bench
  const broken = await folder(
    'broken',
    new Map([...personaFiles, ['keyring/subkey(x).json', Buffer.from('{"id":"y"}')]]),
  )
  expect(await put(broken)).toMatchObject({ code: 2, err: expect.stringContaining('another id') })
  const around = await folder('around/mine')
  expect(await put(dirname(around))).toMatchObject({ code: 2, err: expect.stringContaining('"mine/persona.json"') })
  expect(await put(await file('no.zip', 'text'))).toMatchObject({ code: 2, err: expect.stringContaining('Not a zip') })
  expect(await put(join(home, 'none'))).toMatchObject({
    code: 2,
    err: expect.stringContaining('cannot be read (ENOENT)'),
  })
  expect(server.requests).toEqual([])
})

test('stores nothing a link in the folder leads to', async () => {
  const { home, put, folder, file } = bench
  const outside = await file('outside', 'precious')
  for (const [index, place] of ['images/link', 'link'].entries()) {
    const mine = await folder(`mine${index}`)
    await symlink(outside, join(mine, place))
    expect(await put(mine)).toMatchObject({ code: 2, err: expect.stringContaining('is a link') })
  }
  const mine = await folder('mine')
  await symlink(home, join(mine, 'loop'))
  expect(await put(mine)).toMatchObject({ code: 2, err: expect.stringContaining('is a link') })
})

/** What a hostile server, or another program, has stored. */
async function store(bytes: Uint8Array): Promise<void> {
  const { server, put, folder } = bench
  await put(await folder('own'), '--register')
  server.stored.set('ada@example.org work', { bytes: Buffer.from(bytes), contentType: 'application/zip', version: 9 })
}

test('unpacks nothing outside the folder it was given', async () => {
  const { home, get } = bench
  const zip = Buffer.from(writeZip(new Map([...personaFiles, ['nn/escaped', Buffer.from('x')]]))).toString('latin1')
  await store(Buffer.from(zip.replaceAll('nn/escaped', '../escaped'), 'latin1'))
  const got = await get(join(home, 'out'))
  expect(got).toMatchObject({ code: 5, err: expect.stringContaining('.zip writes what is stored as it is') })
  expect((await readdir(home)).sort()).toEqual(['own'])
})

test('still hands out what is no persona, with a warning', async () => {
  const { home, get } = bench
  await store(Buffer.from('{"json":true}'))
  expect(await get(join(home, 'out'))).toMatchObject({ code: 5, err: expect.stringContaining('Not a zip') })
  const raw = await get(join(home, 'out.zip'))
  expect(raw).toMatchObject({ code: 0, err: expect.stringContaining('written as it was stored') })
  expect(await readFile(join(home, 'out.zip'), 'utf8')).toBe('{"json":true}')
  await store(writeZip(new Map([['notes.txt', Buffer.from('hi')]])))
  expect(await get(join(home, 'out'))).toMatchObject({
    code: 0,
    err: expect.stringContaining('persona.json is missing'),
  })
  expect(await readFile(join(home, 'out', 'notes.txt'), 'utf8')).toBe('hi')
})

test('does not overwrite a file or a folder without --force', async () => {
  const { server, put, get, folder, file } = bench
  await put(await folder('mine'), '--register')
  const taken = await folder(
    'taken',
    new Map([
      ['persona.json', Buffer.from('old')],
      ['diary', Buffer.from('dear')],
    ]),
  )
  const zip = await file('taken.zip', 'precious')
  const plain = await file('plain', 'precious')
  const requests = server.requests.length
  for (const out of [taken, zip, plain]) {
    expect(await get(out)).toMatchObject({ code: 2, err: expect.stringContaining('--force') })
  }
  expect(server.requests).toHaveLength(requests)
  expect(await readFile(zip, 'utf8')).toBe('precious')
  expect(await readFile(join(taken, 'persona.json'), 'utf8')).toBe('old')

  expect(await get(zip, '--force')).toMatchObject({ code: 0 })
  expect(readZip(await readFile(zip))).toEqual(personaFiles)
  expect(await get(taken, '--force')).toMatchObject({ code: 0 })
  expect(await filesIn(taken)).toEqual(new Map([...personaFiles, ['diary', new Uint8Array(Buffer.from('dear'))]]))
  expect((await stat(join(taken, 'persona.json'))).mode & 0o777).toBe(0o600)
  expect(await get(plain, '--force')).toMatchObject({ code: 2, err: expect.stringContaining('is a file') })
})

test('takes an empty folder, but none that does not exist around it', async () => {
  const { home, put, get, folder } = bench
  await put(await folder('mine'), '--register')
  await mkdir(join(home, 'empty'))
  expect(await get(join(home, 'empty'))).toMatchObject({ code: 0 })
  expect(await filesIn(join(home, 'empty'))).toEqual(personaFiles)
  expect(await get(join(home, 'none', 'out'))).toMatchObject({ code: 2, err: expect.stringContaining('no folder') })
})

test('with --force, follows no link inside the folder and replaces none of it when one is in the way', async () => {
  const { put, get, folder } = bench
  await put(await folder('mine'), '--register')
  const outside = await folder('outside', new Map([['secrets.json', Buffer.from('theirs')]]))
  const out = await folder('out', new Map([['persona.json', Buffer.from('old')]]))
  await symlink(outside, join(out, 'keyring'))
  expect(await get(out, '--force')).toMatchObject({ code: 2, err: expect.stringContaining('in the way') })
  expect(await readFile(join(outside, 'secrets.json'), 'utf8')).toBe('theirs')
  expect(await readFile(join(out, 'persona.json'), 'utf8')).toBe('old')

  const other = await folder('other', new Map([['x', Buffer.from('x')]]))
  await symlink(join(outside, 'secrets.json'), join(other, 'persona.json'))
  expect(await get(other, '--force')).toMatchObject({ code: 0 })
  expect(await readFile(join(outside, 'secrets.json'), 'utf8')).toBe('theirs')
})

test('sends no zip to a terminal', async () => {
  const { personas } = bench
  const refused = await personas(['get', 'work', ...who, '--out', '-'], { outIsTerminal: true })
  expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('send it to a file') })
})
