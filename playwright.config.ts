import { defineConfig } from '@playwright/test'

export default defineConfig({
  testDir: 'e2e/browser',
  workers: 1,
  timeout: 60_000,
  use: {
    launchOptions: {
      ...(process.env.CHROMIUM ? { executablePath: process.env.CHROMIUM } : {}),
      args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    },
  },
})
