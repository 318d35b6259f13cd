import { describe, expect, test } from 'vitest'
import { cameraTroubleOf } from './watch-camera.ts'

describe('what is said of a camera that cannot be used', () => {
  test('a refusal, and one that is not there, are told from one that is in use', () => {
    expect(cameraTroubleOf(new DOMException('', 'NotAllowedError'))).toBe('denied')
    expect(cameraTroubleOf(new DOMException('', 'NotFoundError'))).toBe('none')
    expect(cameraTroubleOf(new DOMException('', 'NotReadableError'))).toBe('busy')
  })

  test('WebKit’s own kind of error counts by its name', () => {
    expect(cameraTroubleOf({ name: 'OverconstrainedError', constraint: '' })).toBe('none')
  })

  test('anything else is a camera that cannot be used', () => {
    for (const odd of [null, undefined, 'no', new Error('no')]) expect(cameraTroubleOf(odd)).toBe('busy')
  })
})
