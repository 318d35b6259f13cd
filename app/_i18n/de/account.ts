import type { account as english } from '#app/_i18n/en/account.ts'

export const account: typeof english = {
  title: 'Angemeldet',
  heading: 'Zurück von der Anmeldung',
  text: 'Die Seite mit deiner Sicherung macht von selbst weiter. Du kannst dieses Fenster schließen.',
}
