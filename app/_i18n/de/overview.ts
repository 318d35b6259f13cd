import type { overview as english } from '#app/_i18n/en/overview.ts'

export const overview: typeof english = {
  title: 'Übersicht',
  heading: (name) => `Hallo, ${name}`,
  allWell: 'Alles ist, wie es sein soll.',
  lastKept: 'Letzte Sicherung:',
  attention: 'Braucht deine Aufmerksamkeit',
  concern: {
    damagedPersona: (id) => [`„${id}“ ist beschädigt`, 'Öffne sie und stelle eine frühere Version wieder her.'],
    damagedCloud: (device) => [
      `Die Sicherung von ${device} ist beschädigt`,
      'Stelle eine frühere Version wieder her oder lass die App noch einmal speichern.',
    ],
    nearlyFull: (used, quota) => [
      'Dein Platz ist fast voll',
      `${used} von ${quota} sind belegt. Wenn er voll ist, können Apps nichts mehr speichern.`,
    ],
    backupDamaged: (name) => [
      `„${name}“ ist beschädigt`,
      'Speichere nichts darüber; stelle eine frühere Version wieder her.',
    ],
    backupOneWay: (name) => [
      `„${name}“ hat nur einen Weg, sie zu öffnen`,
      'Geht er verloren, sind es auch die Dateien. Füge einen Wiederherstellungsschlüssel hinzu.',
    ],
    nothingNew: [
      'Seit zwei Wochen keine Sicherung',
      'Öffne deine Apps und prüfe, ob sie noch hier speichern. Letzte Sicherung:',
    ],
    deviceSilent: (device) => [`${device} hat seit zwei Wochen nichts gespeichert`, 'Letzte Sicherung:'],
    deviceNever: (device) => [
      `${device} hat noch nie etwas gespeichert`,
      'Öffne die App darauf und starte eine Sicherung. Hinzugefügt:',
    ],
    nudged: [
      'Schau bitte nach deinen Sicherungen',
      'Wer den Server betreut, bittet dich darum: Öffne deine Apps und prüfe, ob sie hier speichern; entferne Geräte, die du nicht mehr benutzt. Gebeten wurdest du',
    ],
    recoveryCodes: (left) =>
      left === 0
        ? [
            'Du hast keine Wiederherstellungscodes',
            'Drucke welche aus und bewahre sie sicher auf: Mit ihnen kommst du hinein, wenn sonst nichts mehr geht.',
          ]
        : [
            left === 1
              ? 'Nur noch 1 Wiederherstellungscode ist übrig'
              : `Nur noch ${left} Wiederherstellungscodes sind übrig`,
            'Erstelle neue, bevor du sie brauchst.',
          ],
    look: 'Darum kümmern',
  },
  space: {
    heading: 'Dein Platz',
    used: (used, quota) => `${used} von ${quota} belegt`,
    history: (bytes) => `Frühere Versionen brauchen weitere ${bytes}; sie zählen nicht zu deinem Platz.`,
    noHistory: 'Frühere Versionen zählen nicht zu deinem Platz.',
  },
  cloud: {
    heading: 'Cloud-Sicherung',
    empty: 'Noch hat keine App etwas gesichert. Trage in der App statt ihrer Cloud die Adresse dieses Servers ein.',
    never: 'noch nichts gespeichert',
  },
  personas: {
    heading: 'Personas',
    empty:
      'Noch liegt hier keine Persona. Apps, die Schlüssel sichern, legen sie hier ab; du kannst auch selbst eine hochladen.',
    more: (count) => `Alle ${count} Personas`,
  },
  backups: {
    heading: 'Sicherungen',
    empty:
      'Noch keine Sicherung. Lege Dateien ab, die nicht verloren gehen dürfen; sie werden in deinem Browser verschlüsselt.',
    here: 'in diesem Browser',
  },
  codes: {
    heading: 'Einmalcodes',
    empty: 'Noch keine Einmalcodes. Bewahre den zweiten Faktor deiner Konten hier auf und öffne ihn mit einer PIN.',
    count: (count) => (count === 1 ? '1 Code' : `${count} Codes`),
    none: 'noch keine Codes',
    nameless: 'Ein Ort ohne Namen',
  },
  details: 'Öffnen',
}
