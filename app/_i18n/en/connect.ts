/** Words of the page that connects a device, and of the way there. */
export const connect = {
  title: 'Connect a device',
  heading: 'Connect this device',
  lead: 'Two things, once on every phone, tablet and computer: let it trust this server, then tell your apps the address.',
  way: { ask: 'Another phone or computer?', link: 'Connect it' },
  off: {
    heading: 'Only this machine can reach Hearthkeep',
    lead: 'Encrypted connections start as soon as this server is set up, unless its keeper switched them off. Other devices cannot connect before that.',
  },
  pair: {
    heading: 'Add another device',
    lead: 'Make a code and scan it with the camera of the new phone, tablet or computer. It opens this page there, by the right address.',
    invite: 'It is for somebody who has no account here yet',
    inviteHint: 'The code invites them as well: one person, by tomorrow.',
    make: 'Make a code',
    making: 'Making …',
    another: 'Make another code',
    scan: 'Scan this with the new device',
    qr: 'QR code to connect a device',
    until: (time: string) => `Good until ${time}, once.`,
    signsNobodyIn: 'It signs nobody in.',
    invited: 'Show it only to the person who is meant: whoever scans it can make an account.',
    link: 'Or send the link',
    copyLink: 'Copy the link to connect a device',
    typed: 'On a computer without a camera, in a terminal:',
    troubles: {
      'pairing.off': 'Nobody can connect yet: encrypted connections are off.',
      'rate.limited': 'Those were many codes at once. Wait a minute.',
      'auth.registration_closed': 'Nobody can join: registration is closed.',
      not_found: 'Only keepers of this server can invite.',
    },
  },
  join: {
    heading: 'You are invited',
    lead: 'First let this device trust the server, as told below. When it says that it does, come back to this button.',
    link: 'Make my account',
  },
  trust: {
    heading: '1. Trust this server',
    lead: 'Hearthkeep makes its own certificate, so that nothing of yours passes through somebody else. Your device has to be told once that it is genuine. That lets this server prove who it is, and nothing else: the certificate is good for its own name and home addresses only.',
    others: 'This server uses a certificate that your devices know already. There is nothing to install.',
    fingerprint: {
      heading: 'Compare before you trust',
      lead: 'Your device shows this number too, as the SHA-256 fingerprint. On the machine that Hearthkeep runs on, “hearthkeep tls status” prints it. If they differ, stop: somebody is in between.',
      name: 'Name of the certificate',
    },
    profile: 'Download the profile',
    certificate: 'Download the certificate',
    yours: 'This looks like your device',
  },
  systems: {
    ios: {
      name: 'iPhone and iPad',
      steps: [
        'Open this page in Safari, download the profile and allow it.',
        'Open Settings. Tap “Profile Downloaded” at the top (or General → VPN & Device Management), then Install. “More Details” shows the fingerprint.',
        'One more switch, or it does not count: Settings → General → About → Certificate Trust Settings, at the very bottom. Switch this certificate on.',
      ],
    },
    android: {
      name: 'Android',
      steps: [
        'Download the certificate.',
        'Open Settings and search for “CA certificate” (Security → More security settings → Encryption & credentials → Install a certificate → CA certificate).',
        'Choose “Install anyway”, then the file hearthkeep-ca.crt in your downloads. Android tells you from now on that your network may be monitored; by this certificate it cannot be.',
        'Browsers trust the server now. An app does so only if its maker allows certificates that you installed.',
      ],
    },
    windows: {
      name: 'Windows',
      steps: [
        'Download the certificate and open the file.',
        'Choose “Install Certificate…”, “Current User”, then “Place all certificates in the following store” and “Trusted Root Certification Authorities”.',
        'Windows shows a fingerprint (an SHA-1 one; the SHA-256 one is in your browser’s certificate view) and asks once more. Restart your browser.',
      ],
    },
    macos: {
      name: 'Mac',
      steps: [
        'Download the certificate and open the file. Keychain Access adds it to your login keychain.',
        'Find it there, open it, and under “Trust” choose “Always Trust”. The fingerprint is at the end of “Details”.',
        'Close the window and confirm with your password.',
      ],
    },
    linux: {
      name: 'Linux',
      steps: [
        'Download the certificate.',
        'For programs, on Debian and Ubuntu: sudo cp hearthkeep-ca.crt /usr/local/share/ca-certificates/ && sudo update-ca-certificates. On Fedora and Arch: sudo trust anchor hearthkeep-ca.crt.',
        'For browsers: in Chrome and Edge Settings → Privacy and security → Security → Manage certificates → Custom → Installed by you → Trusted Certificates → Import. In Firefox Settings → Privacy & Security → Certificates → View Certificates → Authorities → Import.',
      ],
    },
  },
  check: {
    checking: 'Asking this device whether it trusts the server …',
    trusted: 'This device trusts Hearthkeep.',
    untrusted: 'This device does not trust Hearthkeep yet. This line changes by itself as soon as it does.',
    again: 'Check now',
    open: 'Open Hearthkeep, encrypted',
  },
  apps: {
    heading: '2. Give your apps the address',
    lead: 'In each app, put this in place of its maker’s server. Scan the code if the app runs on another device.',
    copy: 'Copy',
    copied: 'Copied',
    copyWhat: (what: string) => `Copy the address for ${what}`,
    code: (address: string) => `QR code of ${address}`,
    names: {
      personas: 'Personas (key backup)',
      factors: 'Factor backups',
      otp: 'One-time passwords',
      cloud: 'Cloud backup',
      oplog: 'Operation log',
    },
    elsewhere: {
      heading: 'If a device does not find that name',
      lead: 'These addresses lead to the same server.',
    },
  },
}
