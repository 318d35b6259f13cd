/** What `hearthkeep cloud …` ends with. Scripts depend on these numbers: add, never change. */
export const exitCodes = {
  ok: 0,
  unexpected: 1,
  usage: 2,
  unreachable: 3,
  signInRefused: 4,
  notOpened: 5,
  conflict: 6,
  nothingStored: 7,
  interrupted: 130,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** For `--help`. */
export const exitCodeHelp = `
Exit codes:
  0  done
  1  something unexpected
  2  wrong usage: options, files, a password that is too short
  3  the server cannot be reached, or is too busy
  4  the server refused the sign-in
  5  wrong backup password, or the stored backup is damaged
  6  another device saved meanwhile and nothing was merged (--no-merge, another identity)
  7  nothing is stored
  130  interrupted at a prompt`
