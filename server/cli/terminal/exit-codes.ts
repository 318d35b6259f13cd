/** What the verbs that speak to a server end with. Scripts depend on these numbers: add, never change. */
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

export type ExitCode = (typeof exitCodes)[Meaning]

type Meaning = keyof typeof exitCodes

const meanings: Record<Meaning, string> = {
  ok: 'done',
  unexpected: 'something unexpected',
  usage: 'wrong usage: options, files, a password that is too short',
  unreachable: 'the server cannot be reached, or is too busy',
  signInRefused: 'the server refused the sign-in',
  notOpened: 'wrong backup password or PIN, or what is stored is damaged',
  conflict: 'another device saved meanwhile and nothing was merged (--no-merge, another identity)',
  nothingStored: 'nothing is stored',
  interrupted: 'interrupted at a prompt',
}

/** For `--help`. @param never  codes the verb never ends with */
export function exitCodeHelp(never: Meaning[] = []): string {
  const lines = Object.entries(exitCodes)
    .filter(([name]) => !never.includes(name as Meaning))
    .map(([name, code]) => `  ${code}  ${meanings[name as Meaning]}`)
  return ['', 'Exit codes:', ...lines].join('\n')
}
