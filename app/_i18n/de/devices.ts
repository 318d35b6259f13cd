import type { devices as english } from '#app/_i18n/en/devices.ts'

export const devices: typeof english = {
  title: 'Geräte',
  lead: 'Alles, was als du angemeldet ist, und wann es zuletzt hier war. Ist etwas dabei, das du nicht kennst? Melde es ab und ändere dein Passwort.',
  unknown: 'Ein Gerät ohne Namen',
  isThis: 'dieser Browser',
  since: 'angemeldet',
  seen: 'zuletzt gesehen',
  end: 'Abmelden',
  endOf: (device) => `${device} abmelden`,
  ended: 'Es ist abgemeldet.',
  endOthers: 'Überall sonst abmelden',
  endOthersHeading: 'Überall sonst abmelden?',
  endOthersText:
    'Alle anderen Browser und Apps werden sofort abgemeldet. Apps können erst wieder sichern, wenn du dich dort anmeldest.',
  endedOthers: 'Alles andere ist abgemeldet.',
  browsers: { heading: 'Browser', lead: 'Wo du auf diesen Seiten angemeldet bist.' },
  cloud: {
    heading: 'Cloud-Sicherung',
    lead: 'Geräte und Apps, die ihre Sicherung hier ablegen.',
    saved: 'letzte Sicherung',
    neverSaved: 'noch keine Sicherung',
    signedOut: 'abgemeldet',
    shared: 'nutzt deine gemeinsame Sicherung',
    manage: 'Umbenennen oder entfernen',
  },
  codes: {
    heading: 'Apps für Einmalcodes',
    lead: 'Apps, die für deine Einmalcodes angemeldet sind. Deine PIN brauchen sie trotzdem.',
  },
  keys: {
    heading: 'Sync-Schlüssel',
    lead: 'Apps mit einem dieser Schlüssel können Änderungen ablegen, angemeldet oder nicht. Frier einen Schlüssel ein, um das zu stoppen.',
    written: 'letzte Änderung',
    neverWritten: 'noch keine Änderung',
    manage: 'Einfrieren, begrenzen oder löschen',
  },
}
