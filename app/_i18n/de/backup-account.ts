import type { backupAccount as english } from '#app/_i18n/en/backup-account.ts'

export const backupAccount: typeof english = {
  title: 'Angemeldet',
  heading: 'Zurück von der Anmeldung',
  text: 'Die Seite mit deiner Sicherung macht von selbst weiter. Du kannst dieses Fenster schließen.',
}
