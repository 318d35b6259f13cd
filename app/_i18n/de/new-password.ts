import type { newPassword as english } from '#app/_i18n/en/new-password.ts'

export const newPassword: typeof english = {
  password: 'Neues Passwort',
  repeat: 'Noch einmal dasselbe',
  show: 'Anzeigen',
  hide: 'Verbergen',
  tooShort: (least) =>
    `Mindestens ${least} Zeichen; ein paar Wörter hintereinander sind leicht zu merken und schwer zu erraten.`,
  different: 'Die beiden sind noch nicht gleich.',
  same: 'Die beiden sind gleich.',
  strength: ['Zu kurz', 'Schwach', 'Mittel', 'Gut', 'Stark'],
  strengthLabel: 'Stärke',
}
