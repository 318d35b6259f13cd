import type { MenuItemConstructorOptions } from 'electron'
import type { Action, View } from './view.ts'
import type { Words } from './words/en.ts'

type Item = Pick<MenuItemConstructorOptions, 'label' | 'type' | 'checked' | 'enabled'> & { click?: () => void }

/** The tray's menu: how things are, what can be done now, what is always there. */
export function trayMenu(view: View, words: Words, isAtLogin: boolean, act: (action: Action) => void): Item[] {
  const item = (action: Action): Item => ({ label: words.actions[action], click: () => act(action) })
  const separator: Item = { type: 'separator' }
  const always: Action[] = ['choose-folder', 'show-log']
  const now = view.buttons.filter(({ action }) => !always.includes(action))
  return [
    { label: view.heading, enabled: false },
    ...(view.update === null ? [] : [{ label: view.update, enabled: false }]),
    separator,
    ...now.map(({ action }) => item(action)),
    item('status'),
    separator,
    { ...item('start-at-login'), type: 'checkbox', checked: isAtLogin },
    ...always.map(item),
    separator,
    item('quit'),
  ]
}
