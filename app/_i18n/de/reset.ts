import type { reset as english } from '#app/_i18n/en/reset.ts'

export const reset: typeof english = {
  title: 'Passwort zurücksetzen',
  back: 'Zurück zur Anmeldung',
  ask: {
    heading: 'Passwort vergessen?',
    lead: 'Gib deine E-Mail-Adresse ein. Wenn es dazu hier ein Konto gibt, bekommst du eine E-Mail mit einem Link, der eine Stunde lang gilt.',
    noMail:
      'Dieser Server verschickt keine E-Mails. Bitte die Person, die ihn betreut, um einen Link; sie kann sofort einen erstellen.',
    email: 'E-Mail-Adresse',
    send: 'Link schicken',
    sending: 'Wird geschickt …',
  },
  sent: {
    heading: 'Schau in dein Postfach',
    lead: 'Wenn es zu dieser Adresse hier ein Konto gibt, ist eine E-Mail mit einem Link unterwegs. Er gilt eine Stunde lang.',
    again: 'Nach ein paar Minuten noch nichts da? Schau in den Spam-Ordner oder fordere den Link noch einmal an.',
    askAgain: 'Noch einmal anfordern',
  },
  choose: {
    heading: 'Wähle ein neues Passwort',
    lead: ['Für das Konto ', '.'],
    save: 'Neues Passwort speichern',
    saving: 'Wird gespeichert …',
  },
  done: {
    heading: 'Dein Passwort ist geändert',
    lead: 'Überall sonst bist du abgemeldet. Melde dich auf deinen Geräten mit dem neuen Passwort an; was sie gesichert haben, ist unberührt.',
  },
  gone: {
    heading: 'Dieser Link gilt nicht mehr',
    lead: 'Er wurde schon benutzt, ist älter als eine Stunde, oder es wurde ein neuerer verschickt. Es wurde nichts geändert.',
    another: 'Neuen Link anfordern',
  },
  trouble: {
    wait: (seconds) => `Zu viele Versuche. Warte ${seconds} Sekunden und versuche es dann noch einmal.`,
    offline:
      'Der Server ist nicht erreichbar. Prüfe, ob dieses Gerät im Heimnetz ist, und versuche es dann noch einmal.',
    refused: 'Das hat nicht geklappt. Prüfe deine Eingabe und versuche es dann noch einmal.',
    server: 'Der Server hat selbst ein Problem. Es wurde nichts geändert; versuche es gleich noch einmal.',
  },
}
