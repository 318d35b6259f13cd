import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

test('no form can put what was typed into an address before its script is there', () => {
  const files = globSync('**/*.tsx', { cwd: import.meta.dirname })
  // Without a method browsers send a form by GET. Of a `dialog` outside a dialog nothing is sent; pages take no posts.
  const careless = files.filter((file) => {
    const [, ...forms] = readFileSync(join(import.meta.dirname, file), 'utf8').split(/<form\b/)
    return forms.some((form) => !/^[^<]*?\bmethod="(dialog|get)"/.test(form))
  })
  expect(careless).toEqual([])
})
