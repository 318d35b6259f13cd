import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { unzipSync, Zip, ZipDeflate, zipSync } from 'fflate'
import { expect, test } from 'vitest'
import { isMalformedPersona } from './errors.ts'
import { readZip } from './read-zip.ts'
import { textBytes } from './testing.ts'
import { writeZip } from './write-zip.ts'
import { crc32, type Files, zipLimits } from './zip-format.ts'

function refusal(action: () => unknown): string {
  try {
    action()
  } catch (error) {
    if (isMalformedPersona(error)) return error.message
    throw error
  }
  return expect.unreachable('it was taken')
}

const files = (names: Record<string, string>): Files =>
  new Map(Object.entries(names).map(([name, text]) => [name, textBytes(text)]))

/** `name` with its bytes exchanged for others of the same length, everywhere in the zip, as no honest program writes it. */
function renamed(zip: Uint8Array, name: string, other: string): Uint8Array<ArrayBuffer> {
  const [from, to] = [Buffer.from(name).toString('latin1'), Buffer.from(other).toString('latin1')]
  expect(to).toHaveLength(from.length)
  return new Uint8Array(Buffer.from(Buffer.from(zip).toString('latin1').replaceAll(from, to), 'latin1'))
}

/** A zip with one number of its only entry's directory header changed. */
function patched(zip: Uint8Array, offset: number, value: number, width: 2 | 4): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(zip)
  const view = new DataView(copy.buffer)
  const directory = view.getUint32(copy.length - 22 + 16, true)
  if (width === 2) view.setUint16(directory + offset, value, true)
  else view.setUint32(directory + offset, value, true)
  return copy
}

const part = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .filter((text) => text.isWellFormed() && !/[\p{Cc}\\:/]/u.test(text) && text !== '.' && text !== '..')
const name = fc.oneof(
  part,
  fc.constantFrom('__proto__', '0', '10', 'constructor'),
  fc.tuple(part, part).map((both) => both.join('/')),
)
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.nat(8_000).map((length) => new Uint8Array(length)),
)
const fold = (text: string) => text.normalize('NFC').toLowerCase()
const someFiles = fc
  .uniqueArray(fc.tuple(name, bytes), { selector: ([path]) => fold(path), maxLength: 8 })
  .filter((all) => all.every(([path]) => !all.some(([other]) => fold(other).startsWith(`${fold(path)}/`))))

test('gives back every file of any zip it wrote, whatever they are called', () => {
  fc.assert(
    fc.property(someFiles, (entries) => {
      const read = readZip(writeZip(new Map(entries)))
      expect(read).toEqual(new Map(entries.map(([path, content]) => [path, new Uint8Array(content)])))
    }),
    { numRuns: 60 },
  )
})

test('writes the same bytes for the same files, whatever their order', () => {
  fc.assert(
    fc.property(someFiles, fc.integer(), (entries, seed) => {
      const shuffled = [...entries].sort(([one], [other]) =>
        crc32(textBytes(one + seed)) < crc32(textBytes(other + seed)) ? -1 : 1,
      )
      expect(writeZip(new Map(shuffled))).toEqual(writeZip(new Map(entries)))
    }),
    { numRuns: 25 },
  )
})

test('writes the same bytes today, tomorrow and elsewhere', () => {
  expect(Buffer.from(writeZip(files({ 'a/b': 'hi' }))).toString('hex')).toBe(
    '504b0304140000080000000021' +
      '00ac2a93d8020000000200000003000000612f626869' +
      '504b010214031400000800000000' +
      '2100ac2a93d802000000020000000300000000000000000000008081' +
      '00000000612f62504b0506000000000100010031000000230000000000',
  )
})

test('is understood by another library, and understands it', () => {
  const plain = { 'persona.json': textBytes('{}'), 'keyring/é🦔.json': new Uint8Array(5_000).fill(7) }
  expect(unzipSync(writeZip(new Map(Object.entries(plain))))).toEqual(plain)
  for (const level of [0, 9] as const) {
    expect(Object.fromEntries(readZip(zipSync(plain, { level, comment: 'made by hand' })))).toEqual(plain)
  }
})

test('is understood by unzip, which checks it and makes files for their owner alone', (context) => {
  const zip = writeZip(files({ 'keyring/secrets.json': '{"a":1}', 'persona.json': '{}'.repeat(2_000) }))
  try {
    execFileSync('python3', ['--version'], { stdio: 'ignore' })
  } catch {
    context.skip('python3 is not installed on this machine')
  }
  const script = `
import sys, io, zipfile
zip = zipfile.ZipFile(io.BytesIO(sys.stdin.buffer.read()))
print(zip.testzip(), [(entry.filename, oct(entry.external_attr >> 16)) for entry in zip.infolist()])`
  const said = execFileSync('python3', ['-c', script], { input: zip, encoding: 'utf8' })
  expect(said.trim()).toBe("None [('keyring/secrets.json', '0o100600'), ('persona.json', '0o100600')]")
})

test('reads zips written as a stream, whose sizes stand behind the contents', () => {
  const pieces: Uint8Array[] = []
  const stream = new Zip((_, piece) => pieces.push(piece))
  const entry = new ZipDeflate('persona.json')
  stream.add(entry)
  entry.push(textBytes('{"nickname":"Satoshi"}'), true)
  stream.end()
  expect(readZip(Buffer.concat(pieces))).toEqual(files({ 'persona.json': '{"nickname":"Satoshi"}' }))
})

test('leaves out folders, which some programs list', () => {
  const zip = zipSync({ keyring: { 'secrets.json': textBytes('{}') }, empty: {} })
  expect([...readZip(zip).keys()]).toEqual(['keyring/secrets.json'])
})

test.each([
  ['../x.json', /not allowed/],
  ['a/../xyz', /not allowed/],
  ['./a.json', /not allowed/],
  ['/etc/abc', /not allowed/],
  ['a//b.jso', /not allowed/],
  ['a\\b.json', /not allowed/],
  ['C:ab.json', /not allowed/],
  ['..\\..\\ab', /not allowed/],
  ['a\u0000b.json', /not allowed/],
  ['a\u001b[2J.js', /not allowed/],
])('refuses a file called %j, to read and to write', (evil, words) => {
  const innocent = 'n'.repeat(Buffer.byteLength(evil))
  const zip = renamed(writeZip(files({ [innocent]: 'x' })), innocent, evil)
  expect(refusal(() => readZip(zip))).toMatch(words)
  expect(refusal(() => writeZip(files({ [evil]: 'x' })))).toMatch(words)
})

test('refuses evil folders as it does files, and repeats no name that could repaint a terminal', () => {
  const folder = zipSync({ nn: {} })
  expect(refusal(() => readZip(renamed(folder, 'nn/', '../')))).toMatch(/not allowed/)
  const message = refusal(() => writeZip(files({ [`\u001b[2J\u202e${'x'.repeat(2_000)}`]: '' })))
  expect(message).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  expect(message.length).toBeLessThan(200)
})

test('refuses names that are too long or not UTF-8', () => {
  expect(refusal(() => writeZip(files({ ['x'.repeat(256)]: '' })))).toMatch(/not allowed/)
  expect(refusal(() => writeZip(files({ ['xy/'.repeat(400)]: '' })))).toMatch(/not allowed/)
  const zip = writeZip(files({ nn: 'x' }))
  const broken = Buffer.from(Buffer.from(zip).toString('latin1').replaceAll('nn', 'n\xff'), 'latin1')
  expect(refusal(() => readZip(broken))).toMatch(/not UTF-8/)
})

test('refuses two files of one name, also where only the case or the composition differs', () => {
  expect(refusal(() => readZip(renamed(writeZip(files({ aa: '1', bb: '2' })), 'bb', 'aa')))).toMatch(
    /"aa" is there twice/,
  )
  expect(refusal(() => readZip(renamed(writeZip(files({ aa: '1', bb: '2' })), 'bb', 'AA')))).toMatch(
    /"AA" is there twice/,
  )
  expect(refusal(() => writeZip(files({ 'Persona.json': '1', 'persona.json': '2' })))).toMatch(/twice/)
  expect(refusal(() => writeZip(files({ '\u00e9': '1', 'e\u0301': '2' })))).toMatch(/twice/)
})

test('refuses a name that is a file and a folder', () => {
  expect(refusal(() => writeZip(files({ keyring: '1', 'keyring/secrets.json': '2' })))).toMatch(/file and a folder/)
  const zip = writeZip(files({ aa: '1', 'bb/c': '2' }))
  expect(refusal(() => readZip(renamed(zip, 'bb/c', 'aa/c')))).toMatch(/file and a folder/)
})

test('refuses too many files, and more bytes than allowed, before it unpacks any', () => {
  const many = Object.fromEntries(Array.from({ length: zipLimits.entries + 1 }, (_, index) => [`f${index}`, '']))
  expect(
    refusal(() => readZip(zipSync(Object.fromEntries(Object.keys(many).map((key) => [key, new Uint8Array()]))))),
  ).toMatch(/more than 1000/)
  expect(refusal(() => writeZip(files(many)))).toMatch(/More than 1000/)
  const zeros = writeZip(new Map([['zeros', new Uint8Array(2_000_000)]]))
  expect(refusal(() => readZip(zeros, { entries: 10, bytes: 1_999_999 }))).toMatch(/more than 1999999 bytes/)
  expect(readZip(zeros, { entries: 10, bytes: 2_000_000 }).get('zeros')).toHaveLength(2_000_000)
})

test('stops inflating a bomb that announces little', () => {
  const bomb = writeZip(new Map([['bomb', new Uint8Array(20_000_000)]]))
  expect(bomb.length).toBeLessThan(30_000)
  expect(refusal(() => readZip(patched(bomb, 24, 1_000, 4)))).toMatch(/more than it announces/)
  // And one that announces too much.
  const small = writeZip(files({ a: 'x'.repeat(500) }))
  expect(refusal(() => readZip(patched(small, 24, 5_000, 4)))).toMatch(/damaged/)
})

test('refuses entries that share their bytes, as the smallest bombs do', () => {
  const inner = zipSync({ bb: textBytes('x') }, { level: 0 }).subarray(0, 30 + 2 + 1)
  const zip = zipSync({ aa: inner, bb: textBytes('x') }, { level: 0 })
  expect(readZip(zip).get('aa')).toEqual(new Uint8Array(inner))
  // The second entry now lies inside the first one's contents; but for the overlap everything about it is right.
  const view = new DataView(zip.buffer)
  const second = view.getUint32(zip.length - 6, true) + 46 + 2
  expect(view.getUint32(second + 42, true)).toBe(30 + 2 + inner.length)
  view.setUint32(second + 42, 30 + 2, true)
  expect(refusal(() => readZip(zip))).toBe('The zip is damaged')
})

test.each([
  ['encrypted', 8, 1, 2, /password of its own/],
  ['packed in an unknown way', 10, 12, 2, /unknown way/],
  ['with a link', 38, 0o120777 * 0x10000, 4, /a link or a device/],
  ['with a device', 38, 0o060666 * 0x10000, 4, /a link or a device/],
  ['with a wrong checksum', 16, 1, 4, /"aa" in the zip is damaged/],
  ['whose entry is elsewhere', 42, 1, 4, /damaged/],
] as const)('refuses a zip %s', (_, offset, value, width, words) => {
  expect(refusal(() => readZip(patched(writeZip(files({ aa: 'content' })), offset, value, width)))).toMatch(words)
})

test('refuses several volumes, ZIP64 and what is no zip at all', () => {
  const zip = writeZip(files({ aa: 'content' }))
  const endPatched = (offset: number, value: number) => {
    const copy = zip.slice()
    new DataView(copy.buffer).setUint16(copy.length - 22 + offset, value, true)
    return copy
  }
  expect(refusal(() => readZip(endPatched(4, 1)))).toMatch(/several volumes/)
  expect(refusal(() => readZip(endPatched(10, 0xffff)))).toMatch(/ZIP64/)
  for (const other of ['', 'PK', '{"json":true}', 'x'.repeat(70_000)]) {
    expect(refusal(() => readZip(textBytes(other)))).toMatch(/Not a zip file/)
  }
})

test('refuses a zip cut short anywhere, and never gives other contents for one with a bit flipped', () => {
  const original = files({ 'persona.json': '{"nickname":"Satoshi"}'.repeat(5), 'keyring/secrets.json': '{"a":1}' })
  const zip = writeZip(original)
  for (let length = 0; length < zip.length; length += 1) refusal(() => readZip(zip.subarray(0, length)))
  for (let bit = 0; bit < zip.length * 8; bit += 1) {
    const flipped = zip.slice()
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    try {
      const read = readZip(flipped)
      expect([...read.values()].map((content) => Buffer.from(content).toString())).toEqual(
        [...original.values()].reverse().map((content) => Buffer.from(content).toString()),
      )
    } catch (error) {
      if (!isMalformedPersona(error)) throw error
    }
  }
})

test('ends for any bytes with files or a refusal', () => {
  const start = writeZip(files({ aa: 'content' }))
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), fc.nat(start.length), (noise, at) => {
      const mixed = start.slice()
      mixed.set(noise.subarray(0, mixed.length - at), at)
      try {
        readZip(mixed)
      } catch (error) {
        if (!isMalformedPersona(error)) throw error
      }
    }),
  )
})

test('computes the CRC-32 everybody computes', () => {
  expect(crc32(textBytes('123456789'))).toBe(0xcbf43926)
})
