import type { signIn as english } from '#app/_i18n/en/sign-in.ts'

export const signIn: typeof english = {
  title: 'Anmelden',
  heading: 'Anmelden',
  passkey: 'Mit Passkey anmelden',
  passkeyBusy: 'Warten auf deinen Passkey …',
  or: 'oder',
  name: 'E-Mail-Adresse oder Benutzername',
  password: 'Passwort',
  byPassword: 'Mit Passwort anmelden',
  busy: 'Wird angemeldet …',
  forgot: 'Passwort vergessen?',
  lost: 'Wiederherstellungscode benutzen',
  join: {
    ask: 'Noch kein Konto?',
    open: 'Leg eins an',
    invite: 'Mit einer Einladung dazukommen',
    closed: 'Frag die Person, die diesen Server betreut.',
  },
  recovery: {
    heading: 'Wiederherstellungscode benutzen',
    lead: 'Einer der zehn Codes, die du ausgedruckt oder aufgeschrieben hast. Jeder gilt einmal; Groß- und Kleinschreibung ist egal.',
    code: 'Wiederherstellungscode',
    submit: 'Mit diesem Code anmelden',
    back: 'Zurück zu den anderen Wegen',
    none: 'Auch kein Code mehr übrig? Wer diesen Server betreut, kann dir einen Link zum Zurücksetzen machen.',
  },
  trouble: {
    wrongPassword: 'Name und Passwort gehören nicht zusammen. Prüfe beides oder nimm einen anderen Weg.',
    wrongCode: 'Name und Code gehören nicht zusammen, oder der Code wurde schon benutzt.',
    unknownPasskey:
      'Mit diesem Passkey meldet man sich hier nicht an. Öffnet er eine Sicherung, versuche es noch einmal und wähle den mit deinem eigenen Namen; vielleicht wurde er auch entfernt.',
    refusedPasskey: 'Dieser Passkey wurde nicht angenommen. Versuche es noch einmal oder nimm einen anderen Weg.',
    stale: 'Diese Seite stand zu lange offen. Versuche es noch einmal.',
    wait: (seconds) =>
      seconds > 90
        ? `Zu viele Versuche. Warte ${Math.ceil(seconds / 60)} Minuten und versuche es noch einmal oder nimm einen anderen Weg.`
        : `Zu viele Versuche. Warte ${seconds} Sekunden und versuche es noch einmal.`,
    busy: 'Der Server ist beschäftigt. Versuche es gleich noch einmal.',
    offline:
      'Der Server ist nicht erreichbar. Prüfe, ob dieses Gerät im Heimnetz ist, und versuche es dann noch einmal.',
    server: 'Der Server hat selbst ein Problem. Versuche es gleich noch einmal.',
  },
}
