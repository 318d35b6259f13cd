import { expect, test } from 'vitest'
import { nextPage } from './next-page.ts'

test.each([
  ['/home', '/home'],
  ['/home/security?tab=1', '/home/security?tab=1'],
  ['/admin/people', '/admin/people'],
])('%j leads there', (given, page) => {
  expect(nextPage(given)).toBe(page)
})

test.each([
  undefined,
  '',
  'home',
  'https://evil.example/home',
  '//evil.example/home',
  '/\\evil.example/home',
  '/\t/evil.example/home',
  '/.//evil.example',
  '/home/..//evil.example',
  '/home/%2e%2e//evil.example',
  '/homeless',
  '/v1/backup',
  '/sign-in',
  'javascript:alert(1)',
  ['/home/security', '//evil.example'],
])('%j leads home', (given) => {
  expect(nextPage(given)).toBe('/home')
})
