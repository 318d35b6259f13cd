import type { notices as english } from '#app/_i18n/en/notices.ts'

export const notices: typeof english = {
  heading: 'Neu, seit du zuletzt hier warst',
  newPlace: 'Jemand hat sich von einem neuen Ort bei deinem Konto angemeldet',
  severalRefused: 'Mehrere Anmeldungen bei deinem Konto wurden abgelehnt',
  otherEvents: {
    'object.quarantined':
      'Eine gespeicherte Datei war beschädigt und wurde beiseitegelegt. Wem sie gehört, kann eine frühere Version zurückholen.',
    'store.unreachable': 'Der Server erreicht seinen Speicher nicht. Solange kann niemand sichern.',
    'disk.nearly_full': 'Die Festplatte des Servers ist fast voll. Ist sie voll, kann niemand sichern.',
    'mail.dropped': 'Eine Mail konnte nicht zugestellt werden. Prüfe die Mail-Einstellungen.',
  },
  more: (count) => (count === 1 ? 'und 1 weitere' : `und ${count} weitere`),
  all: 'Alles sehen, was geschehen ist',
  dismiss: 'Verstanden',
  dismissOf: (what) => `Verstanden: ${what}`,
  dismissAll: 'Alle ausblenden',
  dismissed: 'Ausgeblendet. Unter „Aktivität“ steht es weiterhin.',
  count: (count) => (count === 1 ? '1 neue Nachricht' : `${count} neue Nachrichten`),
}
