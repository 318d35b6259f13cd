import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Why syncs cannot be made to fail here, or null. */
export const cannotFailSyncs =
  process.platform !== 'linux'
    ? 'needs Linux’s LD_PRELOAD'
    : spawnSync('cc', ['--version']).status === 0
      ? null
      : 'needs a C compiler'

export type FailingSyncs = Disposable & {
  /** For `startServer`. */
  env: Record<string, string>
  /** From now on syncs of open files fail with EIO whose path holds this text, after the bytes were written. */
  fail(text: string): void
  heal(): void
}

/** A disk that takes bytes and then cannot promise to keep them, as one does shortly before it dies. */
export function failingSyncs(): FailingSyncs {
  const folder = mkdtempSync(join(tmpdir(), 'hearthkeep-sync-'))
  const [source, library, trigger] = ['sync.c', 'sync.so', 'fail'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  writeFileSync(source, code)
  const built = spawnSync('cc', ['-shared', '-fPIC', '-o', library, source, '-ldl'])
  if (built.status !== 0) throw new Error(`cc: ${built.stderr}`)
  const heal = () => rmSync(trigger, { force: true })
  return {
    env: { LD_PRELOAD: library, FAIL_SYNCS_OF: trigger },
    fail: (text) => writeFileSync(trigger, text),
    heal,
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}

const code = String.raw`
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int fails(int fd) {
  char text[256] = {0}, link[64], path[4096] = {0};
  const char *trigger = getenv("FAIL_SYNCS_OF");
  int file = trigger ? open(trigger, O_RDONLY) : -1;
  if (file < 0) return 0;
  ssize_t size = read(file, text, sizeof text - 1);
  close(file);
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  return size > 0 && readlink(link, path, sizeof path - 1) > 0 && strstr(path, text) != NULL;
}

#define SYNC(name)                                                      \
  int name(int fd) {                                                    \
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, #name);           \
    if (fails(fd)) { errno = EIO; return -1; }                          \
    return real(fd);                                                    \
  }
SYNC(fsync)
SYNC(fdatasync)
`
