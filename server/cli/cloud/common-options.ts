import type { PasswordOptions } from '#server/cli/terminal/read-passwords.ts'

/** Options both verbs have. */
export type CommonOptions = PasswordOptions & { user: string; server?: string; state?: string; json?: boolean }
