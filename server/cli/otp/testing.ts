import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { startOtpStub } from '#client/surfaces/otp/stub-server.ts'
import { testTerminal } from '#server/cli/terminal/testing.ts'
import { register } from './register.ts'

export const account = 'account password'
export const backup = 'backup password'
export const pin = '123456'
export const env = {
  HEARTHKEEP_ACCOUNT_PASSWORD: account,
  HEARTHKEEP_BACKUP_PASSWORD: backup,
  HEARTHKEEP_OTP_PIN: pin,
}
export const who = ['--email', 'ada@example.org']

export type Run = {
  env?: Record<string, string | undefined>
  input?: string
  /** Keys typed by somebody at a terminal. */
  keys?: string[]
}

/** A stub server, a temporary folder, and `hearthkeep otp …` of ada in this process. */
export async function otpBench() {
  const server = await startOtpStub()
  const home = await mkdtemp(join(tmpdir(), 'hearthkeep-otp-'))

  /** @returns exit code and what was printed */
  async function otp(args: string[], { env: extra = env, input, keys }: Run = {}) {
    const terminal = testTerminal(extra, { tty: keys !== undefined })
    if (input !== undefined) terminal.stdin.end(input)
    for (const key of keys ?? []) terminal.stdin.write(key)
    let code: number | undefined
    const program = new Command('hearthkeep')
    register(program, {
      terminal,
      localServer: () => server.url,
      kdf: { memoryKiB: 8, iterations: 1, parallelism: 1 },
      finish: (ended) => {
        code = ended
      },
      exit: (ended) => {
        throw Object.assign(new Error('exit'), { ended })
      },
    })
    await program.parseAsync(['node', 'hearthkeep', 'otp', ...args, ...who]).catch((error) => {
      if (error.ended === undefined) throw error
      code = error.ended
    })
    return { code, out: terminal.out(), err: terminal.err() }
  }

  return {
    server,
    home,
    otp,
    /** Store one, making account and device `phone` where they are missing. */
    add: (label: string, secret: string, ...more: string[]) =>
      otp(['add', label, '--secret-file', '-', '--device', 'phone', '--register', ...more], { input: `${secret}\n` }),

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
