import type { passkeyTrouble as english } from '#app/_i18n/en/passkeys.ts'

export const passkeyTrouble: typeof english = {
  address:
    'Passkeys gehören zu einem Namen, und diese Seite wurde über eine Nummer geöffnet oder über einen Namen, der nicht der dieses Servers ist.',
  addressBetter: 'Stattdessen hier öffnen',
  noTls: 'Passkeys brauchen eine sichere Verbindung. Öffne diese Seite über ihre https-Adresse.',
  unsupported: 'Dieser Browser kann keine Passkeys benutzen.',
  cancelled:
    'Daraus wurde nichts: Der Vorgang wurde abgebrochen oder hat zu lange gedauert, oder dieses Gerät hat keinen Passkey für diese Adresse.',
  already: 'Dieses Gerät hat schon einen Passkey für dein Konto; er steht in der Liste.',
  noAuthenticator:
    'Dieses Gerät hat nichts, was einen Passkey mit Displaysperre aufbewahren könnte. Richte eine Displaysperre ein oder benutze einen Sicherheitsschlüssel oder dein Handy.',
  other: 'Der Browser konnte das nicht abschließen. Versuche es noch einmal oder nimm einen anderen Weg.',
}
