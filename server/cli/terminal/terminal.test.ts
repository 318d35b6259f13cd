import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { askHidden, canAsk, Interrupted } from './ask-hidden.ts'
import { confirm } from './confirm.ts'
import { progressLine } from './progress.ts'
import { testTerminal } from './testing.ts'
import { FileExists, replaceFile, writeNewFile } from './write-new-file.ts'

test('takes a typed secret without showing anything of it', async () => {
  const terminal = testTerminal({}, { tty: true })
  const answer = askHidden(terminal, 'Password: ')
  for (const keys of ['se', 'cx', '\u007f', 'r', '\u001b[A', 'é', 't🦔', '\r']) terminal.stdin.write(keys)
  expect(await answer).toBe('secrét🦔')
  expect(terminal.err()).toBe('Password: \n')
  expect(terminal.rawModes).toEqual([true, false])
})

test('switches echo off before the question appears, for those who type at once', async () => {
  const terminal = testTerminal({}, { tty: true })
  const echoed: boolean[] = []
  terminal.stderr.write = () => echoed.push(terminal.rawModes.at(-1) !== true)
  terminal.stdin.write('secret\r')
  await askHidden(terminal, 'Password: ')
  expect(echoed[0]).toBe(false)
})

test('puts a character together that arrives in two halves', async () => {
  const terminal = testTerminal({}, { tty: true })
  const answer = askHidden(terminal, '')
  const bytes = Buffer.from('é\n')
  terminal.stdin.write(bytes.subarray(0, 1))
  await new Promise((resolve) => setImmediate(resolve))
  terminal.stdin.write(bytes.subarray(1))
  expect(await answer).toBe('é')
})

test('answers two prompts with two pasted lines', async () => {
  const terminal = testTerminal({}, { tty: true })
  terminal.stdin.write('first\nsecond\n')
  expect(await askHidden(terminal, '')).toBe('first')
  expect(await askHidden(terminal, '')).toBe('second')
})

test('starts the line again on Ctrl-U and stops on Ctrl-C, with the terminal as it was', async () => {
  const terminal = testTerminal({}, { tty: true })
  terminal.stdin.write('wrong\u0015right\r')
  expect(await askHidden(terminal, '')).toBe('right')
  const stopped = askHidden(terminal, '')
  terminal.stdin.write('abc\u0003')
  await expect(stopped).rejects.toBeInstanceOf(Interrupted)
  expect(terminal.rawModes).toEqual([true, false, true, false])
})

test('asks nobody when nobody is there', () => {
  expect([canAsk(testTerminal()), canAsk(testTerminal({}, { tty: true }))]).toEqual([false, true])
})

test('draws progress for people and stays silent in a script', () => {
  const [person, script] = [testTerminal({}, { tty: true }), testTerminal()]
  for (const terminal of [person, script]) {
    const line = progressLine(terminal)
    line.step('Uploading')
    line.advance({ loaded: 50, total: 100 })
    line.advance({ loaded: 2048, total: null })
    line.clear()
  }
  expect(script.err()).toBe('')
  expect(person.err()).toContain('Uploading ████████████░░░░░░░░░░░░ 50 %')
  expect(person.err()).toContain('2 KiB')
  expect(person.err().endsWith('\r\u001b[K')).toBe(true)
})

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'hearthkeep-cli-'))
  onTestFinished(() => rm(path, { recursive: true }))
  return path
}

test('writes a new file for its owner alone and leaves nothing else behind', async () => {
  const home = await folder()
  const path = join(home, 'me.json')
  await writeNewFile(path, 'text', 0o600)
  expect(await readFile(path, 'utf8')).toBe('text')
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  expect(await readdir(home)).toEqual(['me.json'])
})

test('never overwrites: not a file, not a dangling link, not the winner of a race', async () => {
  const home = await folder()
  await writeFile(join(home, 'file'), 'kept')
  await chmod(join(home, 'file'), 0o444)
  await symlink(join(home, 'nowhere'), join(home, 'link'))
  for (const name of ['file', 'link']) {
    await expect(writeNewFile(join(home, name), 'new', 0o600)).rejects.toBeInstanceOf(FileExists)
  }
  const race = await Promise.allSettled(['a', 'b', 'c'].map((text) => writeNewFile(join(home, 'race'), text, 0o600)))
  expect(race.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(await readFile(join(home, 'file'), 'utf8')).toBe('kept')
  expect((await readdir(home)).sort()).toEqual(['file', 'link', 'race'])
})

test('replaces a file whole, and a link instead of what it leads to', async () => {
  const home = await folder()
  await writeFile(join(home, 'target'), 'kept')
  await symlink(join(home, 'target'), join(home, 'link'))
  await replaceFile(join(home, 'link'), Uint8Array.of(0, 255), 0o600)
  expect([...(await readFile(join(home, 'link')))]).toEqual([0, 255])
  expect(await readFile(join(home, 'target'), 'utf8')).toBe('kept')
  await mkdir(join(home, 'folder'))
  await expect(replaceFile(join(home, 'folder'), 'x', 0o600)).rejects.toThrow()
  expect((await readdir(home)).sort()).toEqual(['folder', 'link', 'target'])
})

test('takes yes for yes and all else for no, also in pieces, and leaves the next line to the next question', async () => {
  for (const [typed, expected] of [
    [['y\n'], true],
    [['YE', 'S\r\n'], true],
    [['yep\n'], false],
    [['\n'], false],
  ] as const) {
    const terminal = testTerminal({}, { tty: true })
    for (const keys of typed) terminal.stdin.write(keys)
    expect(await confirm(terminal, 'Sure?')).toBe(expected)
    expect(terminal.err()).toBe('Sure? [y/N] ')
  }
  for (const end of ['\n', '\r', '\r\n']) {
    const terminal = testTerminal({}, { tty: true })
    terminal.stdin.write(`y${end}secret${end}`)
    expect([await confirm(terminal, ''), await askHidden(terminal, '')]).toEqual([true, 'secret'])
  }
  const closed = testTerminal({}, { tty: true })
  closed.stdin.end()
  await expect(confirm(closed, '')).rejects.toBeInstanceOf(Interrupted)
})
