import type { connect as english } from '#app/_i18n/en/connect.ts'

/** What systems and browsers call their settings stands here as they say it in German. */
export const connect: typeof english = {
  title: 'Gerät verbinden',
  heading: 'Dieses Gerät verbinden',
  lead: 'Zweierlei, einmal auf jedem Handy, Tablet und Computer: Lass das Gerät diesem Server vertrauen und gib dann deinen Apps die Adresse.',
  way: { ask: 'Noch ein Handy oder Computer?', link: 'Gerät verbinden' },
  off: {
    heading: 'Nur dieser Rechner erreicht Hearthkeep',
    lead: 'Verschlüsselte Verbindungen gibt es, sobald dieser Server eingerichtet ist, außer die Person, die ihn betreut, hat sie ausgeschaltet. Vorher können sich andere Geräte nicht verbinden.',
  },
  pair: {
    heading: 'Noch ein Gerät hinzufügen',
    lead: 'Erstelle einen Code und scanne ihn mit der Kamera des neuen Handys, Tablets oder Computers. Er öffnet dort diese Seite, unter der richtigen Adresse.',
    invite: 'Er ist für jemanden, der hier noch kein Konto hat',
    inviteHint: 'Der Code lädt auch ein: eine Person, bis morgen.',
    make: 'Code erstellen',
    making: 'Wird erstellt …',
    another: 'Neuen Code erstellen',
    scan: 'Scanne das mit dem neuen Gerät',
    qr: 'QR-Code, um ein Gerät zu verbinden',
    until: (time: string) => `Gilt bis ${time}, einmal.`,
    signsNobodyIn: 'Er meldet niemanden an.',
    invited: 'Zeig ihn nur der Person, für die er ist: Wer ihn scannt, kann ein Konto erstellen.',
    link: 'Oder schick den Link',
    copyLink: 'Link zum Verbinden eines Geräts kopieren',
    typed: 'Auf einem Computer ohne Kamera, in einem Terminal:',
    troubles: {
      'pairing.off': 'Noch kann sich niemand verbinden: Verschlüsselte Verbindungen sind aus.',
      'rate.limited': 'Das waren viele Codes auf einmal. Warte eine Minute.',
      'auth.registration_closed': 'Niemand kann dazukommen: Die Registrierung ist geschlossen.',
      not_found: 'Einladen können nur die, die diesen Server betreuen.',
    },
  },
  join: {
    heading: 'Du bist eingeladen',
    lead: 'Lass dieses Gerät zuerst dem Server vertrauen, wie unten beschrieben. Sobald es das tut, komm zu diesem Knopf zurück.',
    link: 'Mein Konto erstellen',
  },
  trust: {
    heading: '1. Diesem Server vertrauen',
    lead: 'Hearthkeep stellt sein Zertifikat selbst aus, damit nichts von dir über jemand anderen läuft. Deinem Gerät muss einmal gesagt werden, dass es echt ist. Dieser Server kann damit zeigen, wer er ist, und sonst nichts: Das Zertifikat gilt nur für seinen eigenen Namen und für Adressen im Heimnetz.',
    others: 'Dieser Server benutzt ein Zertifikat, das deine Geräte schon kennen. Es gibt nichts zu installieren.',
    fingerprint: {
      heading: 'Erst vergleichen, dann vertrauen',
      lead: 'Dein Gerät zeigt diese Zahl auch an, als SHA-256-Fingerabdruck. Auf dem Rechner, auf dem Hearthkeep läuft, gibt „hearthkeep tls status“ sie aus. Sind die beiden verschieden, hör auf: Dann ist jemand dazwischen.',
      name: 'Name des Zertifikats',
    },
    profile: 'Profil herunterladen',
    certificate: 'Zertifikat herunterladen',
    yours: 'Das ist wohl dein Gerät',
  },
  systems: {
    ios: {
      name: 'iPhone und iPad',
      steps: [
        'Öffne diese Seite in Safari, lade das Profil herunter und erlaube es.',
        'Öffne die Einstellungen. Tippe oben auf „Profil geladen“ (oder Allgemein → VPN und Geräteverwaltung), dann auf „Installieren“. „Mehr Details“ zeigt den Fingerabdruck.',
        'Noch ein Schalter, sonst gilt es nicht: Einstellungen → Allgemein → Info → Zertifikatsvertrauenseinstellungen, ganz unten. Schalte dieses Zertifikat ein.',
      ],
    },
    android: {
      name: 'Android',
      steps: [
        'Lade das Zertifikat herunter.',
        'Öffne die Einstellungen und suche nach „CA-Zertifikat“ (Sicherheit → Weitere Sicherheitseinstellungen → Verschlüsselung und Anmeldedaten → Zertifikat installieren → CA-Zertifikat).',
        'Wähle „Trotzdem installieren“, dann die Datei hearthkeep-ca.crt in deinen Downloads. Android sagt dir von nun an, dass dein Netzwerk möglicherweise überwacht wird; mit diesem Zertifikat geht das nicht.',
        'Browser vertrauen dem Server jetzt. Eine App tut es nur, wenn ihr Hersteller Zertifikate zulässt, die du installiert hast.',
      ],
    },
    windows: {
      name: 'Windows',
      steps: [
        'Lade das Zertifikat herunter und öffne die Datei.',
        'Wähle „Zertifikat installieren…“, „Aktueller Benutzer“, dann „Alle Zertifikate in folgendem Speicher speichern“ und „Vertrauenswürdige Stammzertifizierungsstellen“.',
        'Windows zeigt einen Fingerabdruck (einen mit SHA-1; den mit SHA-256 zeigt die Zertifikatsansicht deines Browsers) und fragt noch einmal nach. Starte deinen Browser neu.',
      ],
    },
    macos: {
      name: 'Mac',
      steps: [
        'Lade das Zertifikat herunter und öffne die Datei. Die Schlüsselbundverwaltung legt es in deinen Schlüsselbund „Anmeldung“.',
        'Such es dort, öffne es und wähle unter „Vertrauen“ die Einstellung „Immer vertrauen“. Der Fingerabdruck steht am Ende von „Details“.',
        'Schließ das Fenster und bestätige mit deinem Passwort.',
      ],
    },
    linux: {
      name: 'Linux',
      steps: [
        'Lade das Zertifikat herunter.',
        'Für Programme, unter Debian und Ubuntu: sudo cp hearthkeep-ca.crt /usr/local/share/ca-certificates/ && sudo update-ca-certificates. Unter Fedora und Arch: sudo trust anchor hearthkeep-ca.crt.',
        'Für Browser: in Chrome und Edge Einstellungen → Datenschutz und Sicherheit → Sicherheit → Zertifikate verwalten → Benutzerdefiniert → Von dir installiert → Vertrauenswürdige Zertifikate → Importieren. In Firefox Einstellungen → Datenschutz & Sicherheit → Zertifikate → Zertifikate anzeigen → Zertifizierungsstellen → Importieren.',
      ],
    },
  },
  check: {
    checking: 'Dieses Gerät wird gefragt, ob es dem Server vertraut …',
    trusted: 'Dieses Gerät vertraut Hearthkeep.',
    untrusted: 'Dieses Gerät vertraut Hearthkeep noch nicht. Sobald es das tut, ändert sich diese Zeile von selbst.',
    again: 'Jetzt prüfen',
    open: 'Hearthkeep verschlüsselt öffnen',
  },
  apps: {
    heading: '2. Deinen Apps die Adresse geben',
    lead: 'Trag das in jeder App anstelle des Servers ihres Herstellers ein. Läuft die App auf einem anderen Gerät, scanne den Code.',
    copy: 'Kopieren',
    copied: 'Kopiert',
    copyWhat: (what) => `Adresse für ${what} kopieren`,
    code: (address) => `QR-Code von ${address}`,
    names: {
      personas: 'Personas (Schlüsselsicherung)',
      factors: 'Versiegelte Sicherungen',
      otp: 'Einmalcodes',
      cloud: 'Cloud-Sicherung',
      oplog: 'Sync',
    },
    elsewhere: {
      heading: 'Wenn ein Gerät diesen Namen nicht findet',
      lead: 'Diese Adressen führen zum selben Server.',
    },
  },
}
