import type { cloud as english } from '#app/_i18n/en/cloud.ts'

export const cloud: typeof english = {
  title: 'Cloud-Sicherung',
  lead: 'Versiegelte Sicherungen, die Apps von selbst speichern, eine für jedes Gerät. Öffnen können sie nur die App und ihr Passwort.',
  empty: {
    heading: 'Noch kein Gerät',
    text: 'Trage in der App statt ihrer Cloud die Adresse dieses Servers ein und melde dich an. Dann erscheinen hier ihre Sicherung und jede frühere Version.',
  },
  own: 'Deine gemeinsame Sicherung',
  ownHint: 'Wird von Apps benutzt, die kein eigenes Gerät anmelden.',
  nameless: 'Ein Gerät ohne Namen',
  added: 'Hinzugefügt',
  saved: 'Gespeichert',
  never: 'Noch nichts gespeichert.',
  damaged: 'Beschädigt',
  damagedHint:
    'Was hier liegt, ist nicht, was gespeichert wurde. Stelle eine frühere Version wieder her oder lass die App noch einmal speichern.',
  download: 'Herunterladen',
  downloadOf: (device, version) => `Version ${version} von ${device} herunterladen`,
  rename: 'Umbenennen',
  renameOf: (device) => `${device} umbenennen`,
  renameHeading: 'Dieses Gerät umbenennen',
  newName: 'Name',
  save: 'Speichern',
  renamed: 'Umbenannt.',
  revoke: 'Entfernen',
  revokeOf: (device) => `${device} entfernen`,
  revokeHeading: (device) => `${device} entfernen?`,
  revokeText:
    'Es wird sofort abgemeldet und kann nichts mehr speichern. Seine Sicherung kann unten noch heruntergeladen werden, bis der Verlauf endet.',
  revoked: 'Das Gerät ist entfernt und abgemeldet.',
  history: (count) => (count === 1 ? '1 frühere Version' : `${count} frühere Versionen`),
  noHistory: 'Noch keine frühere Version.',
  restore: 'Wiederherstellen',
  restoreOf: (device, version) => `Version ${version} von ${device} wiederherstellen`,
  restored: (version) => `Version ${version} gilt wieder. Die App bekommt sie, wenn sie das nächste Mal fragt.`,
  kept: (versions, days) =>
    `Die letzten ${versions} Versionen werden aufgehoben, jede noch ${days} Tage, nachdem sie ersetzt wurde.`,
  removed: {
    heading: 'Entfernte Geräte',
    lead: 'Was sie gespeichert haben, kann bis zum angegebenen Tag heruntergeladen werden.',
    at: 'Entfernt',
    until: 'Aufgehoben bis',
    nameless: (id) => `Ein entferntes Gerät (${id})`,
  },
}
