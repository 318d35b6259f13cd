import type { keepingConcerns as english } from '#app/_i18n/en/keeping-concerns.ts'

export const keepingConcerns: typeof english = {
  quarantined: (count) => [
    count === 1 ? 'Eine gespeicherte Datei ist beschädigt' : `${count} gespeicherte Dateien sind beschädigt`,
    'Sieh nach, wem sie gehören und was zu tun ist.',
  ],
  clockAhead: (days, hours) => [
    'Die Uhr dieser Maschine geht vielleicht falsch',
    `Sie ist auf einmal ${days === 1 ? 'einen Tag' : `${days} Tage`} weiter. War die Maschine nur ausgeschaltet, ist nichts zu tun. Bis der Server noch ${hours === 1 ? 'eine Stunde' : `${hours} Stunden`} gelaufen ist, wird nichts gelöscht, weil es alt ist.`,
  ],
  movePaused: (reason) => ['Der Umzug der gespeicherten Dateien pausiert', reason],
  diskNearlyFull: (folder, free) => [
    'Eine Festplatte ist fast voll',
    `Bei ${folder} sind nur ${free} frei. Ist sie voll, kann niemand mehr speichern.`,
  ],
  noSnapshots: [
    'Nichts wird von dieser Maschine weg kopiert',
    'Geht sie kaputt oder wird gestohlen, ist alles weg. Schick Sicherungen auf eine andere Platte oder in S3-Speicher.',
  ],
  noKit: [
    'Es gibt kein Wiederherstellungsblatt',
    'Sicherungen entstehen erst, wenn der Schlüssel, der sie öffnet, auf Papier ist.',
  ],
  snapshotFailed: (reason) => ['Die letzte Sicherung ist fehlgeschlagen', reason],
  snapshotOld: ['Die letzte Sicherung ist zu alt', 'Sieh nach, ob ihr Ort erreichbar ist.'],
  drillRed: (reason) => ['Die letzte Sicherung hat die Probe nicht bestanden', reason],
}
