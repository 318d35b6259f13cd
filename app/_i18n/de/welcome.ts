import type { welcome as english } from '#app/_i18n/en/welcome.ts'

export const welcome: typeof english = {
  title: 'Willkommen',
  heading: 'Die Sicherungen deiner Familie, zu Hause aufbewahrt',
  lead: 'Hearthkeep läuft auf einem Rechner bei euch zu Hause und bewahrt die verschlüsselten Sicherungen der Apps deiner Familie auf. Nichts hängt an der Cloud von jemand anderem.',
  signIn: 'Anmelden',
  join: {
    open: 'Konto anlegen',
    invite: 'Mit einer Einladung dazukommen',
    closed: 'Kein Konto? Frag die Person, die diesen Server betreut.',
  },
  forPeople: [
    ['Nichts geht verloren', 'Jede Sicherung behält ihre früheren Versionen. Ein Klick holt eine zurück.'],
    ['Nur deins', 'Was deine Geräte versiegeln, kann hier niemand öffnen, auch nicht, wer diesen Rechner hat.'],
    ['Ohne Cloud', 'Apps speichern auf eurem eigenen Server statt bei jemand anderem.'],
  ],
  apps: {
    heading: 'Für deine Apps',
    here: 'Gib einer App statt ihrer Cloud die Adresse dieses Servers: die aus der Adresszeile deines Browsers.',
    at: 'Gib einer App statt ihrer Cloud die Adresse dieses Servers:',
    surfaces: {
      cloud: ['Cloud-Sicherung', 'Eine versiegelte Sicherung pro Person oder Gerät, mit Versionen.'],
      personas: ['Personas', 'Zip-Sicherungen mit E-Mail-Adresse und Passwort.'],
      factors: ['Versiegelte Sicherungen', 'Mit Passkey, Konto oder Schlüsselpaar zu öffnen.'],
      otp: ['Einmalcodes', 'Die Geheimnisse eines Geräts, mit seiner PIN zu öffnen.'],
      sync: ['Sync', 'Verschlüsselte Änderungen, von Gerät zu Gerät weitergegeben.'],
    },
  },
  version: (version) => `Version ${version}`,
  reference: 'API-Referenz',
  nothingHere: {
    heading: 'Hier ist nichts',
    lead: 'Vielleicht ist die Adresse vertippt, oder was hier war, gibt es nicht mehr.',
    back: 'Zurück zum Anfang',
  },
}
