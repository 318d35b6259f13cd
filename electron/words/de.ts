import type { Words } from './en.ts'

export const de: Words = {
  name: 'Hearthkeep',
  starting: { heading: 'Hearthkeep startet', lead: 'Das dauert einen Moment.' },
  stopping: { heading: 'Hearthkeep wird beendet', lead: 'Laufende Anfragen werden noch beantwortet.' },
  stopped: { heading: 'Hearthkeep läuft nicht', lead: 'Die Familie kann erst wieder sichern, wenn es läuft.' },
  notSetUp: {
    heading: 'Hearthkeep läuft und möchte eingerichtet werden',
    lead: 'Bis dahin erreicht es nur dieser Computer. Die Einrichtung öffnet sich in deinem Browser.',
  },
  serving: {
    heading: 'Hearthkeep läuft',
    lead: 'Die Geräte im Haus erreichen es. Dieser Code führt sie zu der Seite, die sagt, wie man sie verbindet.',
  },
  paused: {
    heading: 'Hearthkeep läuft nur für diesen Computer',
    lead: 'Andere Geräte bleiben draußen, bis du sie wieder hereinlässt.',
  },
  pairing: {
    heading: 'Scanne das mit dem anderen Gerät',
    lead: 'Damit vertraut das Gerät diesem Server; angemeldet wird niemand. Gilt zehn Minuten und einmal.',
  },
  pairingCode: 'Oder gib dort diesen Code ein',
  alone: { heading: 'Hearthkeep läuft', lead: 'Nur dieser Computer erreicht es: HTTPS ist ausgeschaltet.' },
  waiting: (seconds) => ({
    heading: 'Hearthkeep wurde unerwartet beendet',
    lead: `Es startet ${seconds === 1 ? 'in einer Sekunde' : `in ${seconds} Sekunden`} wieder. Was gesichert war, ist nicht verloren.`,
  }),
  failed: {
    'port-in-use': (port) => ({
      heading: 'Ein anderes Programm ist im Weg',
      lead: `Port ${port ?? ''} wird auf diesem Computer schon benutzt. Beende das andere Programm und versuche es noch einmal, oder nimm einen anderen Port; Apps brauchen dann die neue Adresse.`,
    }),
    'folder-in-use': {
      heading: 'Hearthkeep läuft schon',
      lead: 'Ein anderes Hearthkeep auf diesem Computer benutzt denselben Datenordner. Beende es, oder wähle einen anderen Ordner.',
    },
    'folder-not-writable': {
      heading: 'In den Datenordner lässt sich nicht schreiben',
      lead: 'Ist das Laufwerk angeschlossen, und darfst du dort schreiben? Versuche es dann noch einmal, oder wähle einen anderen Ordner.',
    },
    'disk-full': {
      heading: 'Die Festplatte ist voll',
      lead: 'Schaffe Platz auf dem Laufwerk mit dem Datenordner und versuche es noch einmal. Was gesichert ist, ist sicher.',
    },
    'database-too-new': {
      heading: 'Diese Version von Hearthkeep ist zu alt',
      lead: 'Der Datenordner wurde zuletzt von einer neueren Version benutzt. Installiere diese oder eine spätere.',
    },
    'restore-unfinished': {
      heading: 'Eine Wiederherstellung ist nicht fertig',
      lead: 'Im Datenordner ist noch nicht alles da. Starte dieselbe Wiederherstellung noch einmal: Sie macht dort weiter, wo sie aufgehört hat.',
    },
    certificate: {
      heading: 'Das Zertifikat ist nicht zu gebrauchen',
      lead: 'Ohne es könnte kein anderes Gerät diesem Server vertrauen. Die Einzelheiten unten nennen die Datei.',
    },
    configuration: {
      heading: 'Die Einstellungen sind nicht zu gebrauchen',
      lead: 'Eine Umgebungsvariable hat einen falschen Wert. Die Einzelheiten unten nennen sie.',
    },
    unexpected: {
      heading: 'Hearthkeep konnte nicht starten',
      lead: 'Die Einzelheiten unten helfen allen, die dir helfen.',
    },
  },
  details: 'Einzelheiten',
  keptIn: 'Gesichert in',
  onThisComputer: 'Auf diesem Computer',
  inTheHouse: 'Im Haus',
  toConnect: 'Um ein Gerät zu verbinden',
  qr: 'QR-Code der Adresse, die ein Gerät verbindet',
  copy: 'Kopieren',
  copied: 'Kopiert',
  actions: {
    open: 'Hearthkeep öffnen',
    'set-up': 'Jetzt einrichten',
    status: 'Zustand',
    pair: 'Gerät verbinden',
    'try-again': 'Noch einmal versuchen',
    'other-port': 'Anderen Port nehmen',
    'choose-folder': 'Datenordner wählen …',
    'show-log': 'Protokoll zeigen',
    'pause-lan': 'Andere Geräte aussperren',
    'resume-lan': 'Andere Geräte hereinlassen',
    'start-at-login': 'Beim Anmelden starten',
    'install-update': 'Aktualisieren und neu starten',
    quit: 'Hearthkeep beenden',
  },
  chooseFolder: {
    title: 'Wo Hearthkeep alles aufbewahrt',
    button: 'Hier aufbewahren',
    question: 'Ab jetzt diesen Ordner benutzen?',
    detail: (to, from) =>
      `Neu: ${to}\n\nWas in ${from} liegt, bleibt dort und wird nicht verschoben. Um zurückzukehren, wähle den alten Ordner wieder.`,
    yes: 'Benutzen',
    no: 'Abbrechen',
  },
  quitting: {
    question: 'Hearthkeep beenden?',
    detail: 'Solange es nicht läuft, kann die Familie nichts sichern.',
    yes: 'Beenden',
    no: 'Abbrechen',
  },
  update: {
    ready: (version) => `Version ${version} kann installiert werden. Die Datenbank wird vorher beiseite kopiert.`,
    installing: (version) => `Version ${version} wird installiert …`,
    refused: (words) =>
      `Die Aktualisierung wurde nicht installiert, weil sich die Datenbank vorher nicht kopieren ließ: ${words}`,
  },
}
