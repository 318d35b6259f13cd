import { quoted } from '#client/files/file-names.ts'
import { MalformedPersona } from './errors.ts'
import { readZip } from './read-zip.ts'
import { writeZip } from './write-zip.ts'
import { checkNames, type Files } from './zip-format.ts'

/**
 * A persona as seeds/000 draws it. Every file is kept byte for byte: another program's JSON is not ours to rewrite.
 */
export type Persona = {
  /** `persona.json`, a JSON object: the public part. */
  persona: Uint8Array
  /** `keyring/secrets.json`, a JSON object: the private keys. */
  secrets: Uint8Array
  /** `keyring/subkey(<id>).json`, JSON objects, by id. */
  subkeys: ReadonlyMap<string, Uint8Array>
  /** Whatever else there is (pictures, files of newer programs), by path. */
  others: Files
}

const personaPath = 'persona.json'
const secretsPath = 'keyring/secrets.json'
const subkeyPath = /^keyring\/subkey\(([^/]+)\)\.json$/u
const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * The same persona is the same bytes.
 *
 * @throws MalformedPersona
 */
export function writePersonaZip(persona: Persona): Uint8Array<ArrayBuffer> {
  const subkeys = [...persona.subkeys].map(([id, bytes]) => {
    if (id === '' || id.includes('/')) throw new MalformedPersona(`Not an id of a subkey: ${quoted(id)}`)
    return [`keyring/subkey(${id}).json`, bytes] as const
  })
  const files = [
    [personaPath, persona.persona] as const,
    [secretsPath, persona.secrets] as const,
    ...subkeys,
    ...persona.others,
  ]
  // Before they become a map, in which one of two equal names would silently win.
  checkNames(files.map(([name]) => name))
  const zipped = new Map(files)
  personaOf(zipped)
  return writeZip(zipped)
}

/**
 * @param zip  not sealed; see `openPersona`
 * @throws MalformedPersona when the zip is not safe to read or not a persona
 */
export function readPersonaZip(zip: Uint8Array): Persona {
  return personaOf(readZip(zip))
}

/**
 * Files, from a zip or a folder, as the persona they are.
 *
 * @throws MalformedPersona when a file is missing, is not a JSON object, or names another subkey than its name does
 */
export function personaOf(files: Files): Persona {
  const subkeys = new Map<string, Uint8Array>()
  const others = new Map<string, Uint8Array>()
  for (const [path, bytes] of files) {
    const id = subkeyPath.exec(path)?.[1]
    if (id !== undefined) {
      checkSubkey(path, id, bytes)
      subkeys.set(id, bytes)
    } else if (path !== personaPath && path !== secretsPath) others.set(path, bytes)
  }
  const persona = fileOf(files, personaPath)
  const secrets = fileOf(files, secretsPath)
  fieldsOf(personaPath, persona)
  fieldsOf(secretsPath, secrets)
  return { persona, secrets, subkeys, others }
}

function fileOf(files: Files, path: string): Uint8Array {
  const bytes = files.get(path)
  if (bytes !== undefined) return bytes
  const deeper = [...files.keys()].find((name) => name.endsWith(`/${path}`))
  const hint = deeper === undefined ? '' : `; there is ${quoted(deeper)}: its folder is the persona`
  throw new MalformedPersona(`Not a persona: ${path} is missing${hint}`)
}

function checkSubkey(path: string, id: string, bytes: Uint8Array): void {
  const fields = fieldsOf(path, bytes)
  if (fields.id !== undefined && fields.id !== id) {
    throw new MalformedPersona(`${quoted(path)} holds the key of another id`)
  }
}

function fieldsOf(path: string, bytes: Uint8Array): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(utf8.decode(bytes))
  } catch {
    // The platform's message quotes the text, which holds private keys.
    throw new MalformedPersona(`${quoted(path)} is not valid JSON`)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new MalformedPersona(`${quoted(path)} is not a JSON object`)
  }
  return value as Record<string, unknown>
}
