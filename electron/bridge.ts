import type { Action, View } from './view.ts'

/** What the page gets of the shell: to see, and to ask. Nothing of Electron or Node. */
export type Bridge = {
  watch(shown: (view: View) => void): void
  act(action: Action): void
  copy(text: string): void
}

export const channels = { view: 'view', act: 'act', ready: 'ready' } as const
