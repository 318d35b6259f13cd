import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Command } from 'commander'
import { writePersonaZip } from '#client/surfaces/personas/persona-zip.ts'
import { readZip } from '#client/surfaces/personas/read-zip.ts'
import { cheapKdf, startPersonasStub, testPersona } from '#client/surfaces/personas/testing.ts'
import type { Files } from '#client/surfaces/personas/zip-format.ts'
import { testTerminal } from '#server/cli/terminal/testing.ts'
import { register } from './register.ts'

export const account = 'account password'
export const backup = 'backup password'
export const env = { HEARTHKEEP_ACCOUNT_PASSWORD: account, HEARTHKEEP_BACKUP_PASSWORD: backup }
export const who = ['--email', 'ada@example.org']

/** The files of a persona, as they are unpacked. */
export const personaFiles = readZip(writePersonaZip(testPersona()))

export type Run = {
  env?: Record<string, string | undefined>
  /** Address of the server on this machine; the stub's unless said otherwise. */
  local?: string | null
  input?: string
  /** Keys typed by somebody at a terminal. */
  keys?: string[]
  outIsTerminal?: boolean
}

/** A stub server, a temporary folder, and `hearthkeep personas …` in this process. */
export async function personasBench() {
  const server = await startPersonasStub()
  const home = await mkdtemp(join(tmpdir(), 'hearthkeep-personas-'))

  /** @returns exit code and what was printed */
  async function personas(args: string[], options: Run = {}) {
    const { env: extra = env, local = server.url, input, keys, outIsTerminal } = options
    const terminal = testTerminal(extra, { tty: keys !== undefined })
    if (outIsTerminal) terminal.stdout.isTTY = true
    if (input !== undefined) terminal.stdin.end(input)
    for (const key of keys ?? []) terminal.stdin.write(key)
    let code: number | undefined
    const program = new Command('hearthkeep')
    register(program, {
      terminal,
      localServer: () => local,
      kdf: cheapKdf,
      finish: (ended) => {
        code = ended
      },
      exit: (ended) => {
        throw Object.assign(new Error('exit'), { ended })
      },
    })
    await program.parseAsync(['node', 'hearthkeep', 'personas', ...args]).catch((error) => {
      if (error.ended === undefined) throw error
      code = error.ended
    })
    return { code, out: terminal.out(), outBytes: terminal.outBytes(), err: terminal.err() }
  }

  return {
    server,
    home,
    personas,
    put: (path: string, ...more: string[]) => personas(['put', 'work', path, ...who, ...more]),
    get: (out: string, ...more: string[]) => personas(['get', 'work', ...who, '--out', out, ...more]),
    stored: () => server.stored.get('ada@example.org work')?.bytes ?? Buffer.alloc(0),

    async folder(name: string, content: Files = personaFiles): Promise<string> {
      for (const [path, bytes] of content) {
        const place = join(home, name, path)
        await mkdir(dirname(place), { recursive: true })
        await writeFile(place, bytes)
      }
      return join(home, name)
    },

    async file(name: string, content: string | Uint8Array): Promise<string> {
      await writeFile(join(home, name), content)
      return join(home, name)
    },

    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await rm(home, { recursive: true })
    },
  }
}

export async function filesIn(path: string): Promise<Map<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>()
  for (const entry of await readdir(path, { withFileTypes: true, recursive: true })) {
    const place = join(entry.parentPath, entry.name)
    if (entry.isFile()) found.set(place.slice(path.length + 1), new Uint8Array(await readFile(place)))
  }
  return found
}
