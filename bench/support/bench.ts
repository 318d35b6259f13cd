import type { BuiltProgram } from './hearthkeep.ts'

/** What every group of rows is handed. */
export type Bench = {
  program: BuiltProgram
  /** Empty folder of this group's own, on a real disk; removed afterwards. */
  folder: string
  say(words: string): void
}
