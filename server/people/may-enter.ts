import type { Door } from './store.ts'

/** Whether somebody asked to have their account deleted and may still change their mind. */
export function isLeaving({ deleteAt, shutByKeeper }: Door, now: number): boolean {
  return deleteAt !== null && deleteAt > now && !shutByKeeper
}

/**
 * Who may sign in to the pages: people whose account is not disabled, and those who are leaving, to whom the pages show
 * nothing but the way back (`readLeavingSession`).
 */
export function mayEnterPages(account: Door, now: number): boolean {
  return account.disabledAt === null || isLeaving(account, now)
}
