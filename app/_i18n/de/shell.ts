import type { shell as english } from '#app/_i18n/en/shell.ts'

export const shell: typeof english = {
  skip: 'Zum Inhalt springen',
  sections: 'Bereiche',
  language: 'Sprache',
  signedInAs: 'Angemeldet als',
  signOut: 'Abmelden',
  signedOut: 'Du bist abgemeldet.',
  nav: {
    home: 'Übersicht',
    cloud: 'Cloud',
    personas: 'Personas',
    backups: 'Sicherungen',
    codes: 'Codes',
    activity: 'Verlauf',
    security: 'Sicherheit',
    device: 'Geräte',
    sync: 'Sync-Schlüssel',
    account: 'Konto',
    more: 'Mehr',
  },
  loading: 'Wird geladen …',
  broken: {
    heading: 'Diese Seite konnte nicht angezeigt werden',
    lead: 'Der Server hat selbst ein Problem oder erreicht seinen Speicher nicht. Es wurde nichts geändert.',
    again: 'Noch einmal versuchen',
  },
  dismiss: 'Schließen',
  cancel: 'Abbrechen',
  justNow: 'gerade eben',
  version: (version) => `Version ${version}`,
  past: { saved: 'gespeichert', replaced: 'ersetzt' },
  outcome: {
    gone: 'Das gibt es nicht mehr. Vielleicht hat es jemand geändert; die Liste ist jetzt aktuell.',
    changed: 'Ein anderes Gerät hat es inzwischen geändert. Sieh es dir noch einmal an und versuche es dann erneut.',
    quota:
      'Dein Platz ist voll. Lösche etwas, das du nicht mehr brauchst, oder bitte die Person, die den Server betreut, um mehr.',
    tooLarge: 'Das ist größer, als dieser Server annimmt.',
    damaged: 'Die gespeicherte Datei ist beschädigt. Wer diesen Server betreut, weiß Bescheid.',
    unavailable:
      'Der Speicher ist gerade nicht erreichbar. Nichts ging verloren; versuche es in ein paar Minuten noch einmal.',
    busy: 'Der Server ist beschäftigt. Versuche es gleich noch einmal.',
    signedOut: 'Du bist abgemeldet. Melde dich wieder an und wiederhole das.',
    notProven: 'Es wurde nichts geändert.',
    passkeyExists: 'Dieser Passkey ist schon eingetragen.',
    passkeyLimit: 'Für weitere Passkeys ist kein Platz. Entferne einen, den du nicht mehr benutzt.',
    lastWayIn:
      'Das ist der letzte Weg in dein Konto. Richte zuerst einen weiteren Passkey, ein Passwort oder Wiederherstellungscodes ein.',
    offline:
      'Der Server ist nicht erreichbar. Prüfe, ob dieses Gerät im Heimnetz ist, und versuche es dann noch einmal.',
    invalid: 'So kann das nicht angenommen werden.',
    server: 'Der Server hat selbst ein Problem. Es wurde nichts geändert; versuche es gleich noch einmal.',
  },
}
